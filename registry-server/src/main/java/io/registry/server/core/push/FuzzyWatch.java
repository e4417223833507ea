package io.registry.server.core.push;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.ServiceKey;
import io.registry.distro.model.ClientId;
import io.registry.server.core.event.RegistryEvent;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.service.ServiceManager;
import io.registry.server.core.service.ServiceView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Clients that watch which services exist. Each watch knows what its client has been told; what is told is always the
 * difference to what matches now.
 *
 * <p><b>Threading</b>: on the loop only.
 */
public final class FuzzyWatch implements Consumer<RegistryEvent> {

    /** How many patterns one client may watch: the wire protocol's limit. */
    public static final int PATTERNS_MAX = 20;

    /** How many services one pattern may match: the wire protocol's limit. */
    public static final int MATCHES_MAX = 500;

    /** How many services one message names: the wire protocol's limit. */
    private static final int BATCH_MAX = 10;

    private static final String INIT = "FUZZY_WATCH_INIT_NOTIFY";
    private static final String INIT_FINISHED = "FINISH_FUZZY_WATCH_INIT_NOTIFY";
    private static final String DIFF = "FUZZY_WATCH_DIFF_SYNC_NOTIFY";

    private static final class Watch {
        final ClientId client;
        final FuzzyPattern pattern;

        /** What the client knows, or will know when it reads what was sent. */
        final TreeSet<String> told = new TreeSet<>();

        /** How many messages of the initial synchronisation are not acknowledged yet; -1 where none is under way. */
        int initialLeft = -1;

        boolean over;
        boolean behind;

        Watch(ClientId client, FuzzyPattern pattern) {
            this.client = client;
            this.pattern = pattern;
        }
    }

    private final RegistryLoop loop;
    private final ServiceManager services;
    private final PushService pushes;
    private final PushConfig config;
    private final Map<ClientId, Map<String, Watch>> byClient = new LinkedHashMap<>();

    /** Makes the register of watches. */
    public FuzzyWatch(RegistryLoop loop, ServiceManager services, PushService pushes, PushConfig config) {
        this.loop = loop;
        this.services = services;
        this.pushes = pushes;
        this.config = config;
    }

    /**
     * Begins or renews a watch.
     *
     * @param initial whether the client knows nothing yet and waits for the end of the first synchronisation
     * @param known the full names that the client knows
     */
    public void watch(ClientId client, FuzzyPattern pattern, boolean initial, Collection<String> known) {
        Map<String, Watch> ofClient = byClient.getOrDefault(client, Map.of());
        if (!ofClient.containsKey(pattern.text()) && ofClient.size() >= PATTERNS_MAX) {
            throw new RegistryException(
                    ErrorCode.OVER_LIMIT,
                    "fuzzy watch pattern count: " + ofClient.size() + " (expected: fewer than " + PATTERNS_MAX + ")");
        }
        Watch before = ofClient.get(pattern.text());
        if (before != null) {
            before.over = true;
        }
        Watch watch = new Watch(client, pattern);
        byClient.computeIfAbsent(client, c -> new LinkedHashMap<>()).put(pattern.text(), watch);
        known.stream().limit(MATCHES_MAX * 2L).forEach(watch.told::add);
        // After the answer to this very call, which travels on another stream.
        loop.after(config.settle(), () -> {
            if (initial) {
                begin(watch);
            } else {
                catchUp(watch);
            }
        });
    }

    /** Returns the patterns that a client watches. */
    public List<FuzzyPattern> patterns(ClientId client) {
        return byClient.getOrDefault(client, Map.of()).values().stream()
                .map(watch -> watch.pattern)
                .toList();
    }

    /** Returns how many services match a pattern now, at most one more than may match. */
    public int matching(FuzzyPattern pattern) {
        return matches(pattern).size();
    }

    /** Ends a watch; no effect where there is none. */
    public void cancel(ClientId client, FuzzyPattern pattern) {
        Map<String, Watch> ofClient = byClient.get(client);
        Watch watch = ofClient == null ? null : ofClient.remove(pattern.text());
        if (ofClient != null && ofClient.isEmpty()) {
            byClient.remove(client);
        }
        if (watch != null) {
            watch.over = true;
        }
    }

    /** Ends all watches of a client. */
    public void detach(ClientId client) {
        Map<String, Watch> gone = byClient.remove(client);
        if (gone != null) {
            gone.values().forEach(watch -> watch.over = true);
        }
    }

    /** Says that a client takes more again. */
    public void ready(ClientId client) {
        for (Watch watch : List.copyOf(byClient.getOrDefault(client, Map.of()).values())) {
            if (watch.behind) {
                watch.behind = false;
                if (watch.initialLeft >= 0) {
                    begin(watch);
                } else {
                    catchUp(watch);
                }
            }
        }
    }

    @Override
    public void accept(RegistryEvent event) {
        if (!(event instanceof RegistryEvent.ServicePresence presence)) {
            return;
        }
        for (Map<String, Watch> ofClient : byClient.values()) {
            for (Watch watch : ofClient.values()) {
                if (watch.pattern.matches(presence.service())) {
                    change(watch, presence.service().fullName(), presence.present());
                }
            }
        }
    }

    private void change(Watch watch, String service, boolean present) {
        if (present == watch.told.contains(service)) {
            return;
        }
        if (present && watch.told.size() >= MATCHES_MAX) {
            return;
        }
        if (send(watch, id -> new Push.FuzzyChange(id, service, present), () -> {})) {
            if (present) {
                watch.told.add(service);
            } else {
                watch.told.remove(service);
            }
        }
    }

    private void begin(Watch watch) {
        if (watch.over) {
            return;
        }
        List<List<String>> batches = batches(matches(watch.pattern));
        watch.initialLeft = batches.size();
        if (batches.isEmpty()) {
            finish(watch);
            return;
        }
        batches(watch, INIT, batches, () -> {
            watch.initialLeft--;
            if (watch.initialLeft == 0 && !watch.behind) {
                finish(watch);
            }
        });
    }

    private void finish(Watch watch) {
        watch.initialLeft = -1;
        send(watch, id -> new Push.FuzzySync(id, watch.pattern.text(), INIT_FINISHED, List.of(), 1, 1), () -> {});
        catchUp(watch);
    }

    /** Tells a client the difference between what it knows and what is. */
    private void catchUp(Watch watch) {
        if (watch.over) {
            return;
        }
        TreeSet<String> matching = new TreeSet<>(matches(watch.pattern));
        List<String> gone = new ArrayList<>(watch.told);
        gone.removeAll(matching);
        // Clients pay no heed to removals inside a synchronisation, so each goes as a change of its own.
        gone.forEach(service -> change(watch, service, false));
        matching.removeAll(watch.told);
        batches(watch, DIFF, batches(new ArrayList<>(matching)), () -> {});
    }

    private void batches(Watch watch, String type, List<List<String>> batches, Runnable acknowledged) {
        int current = 0;
        for (List<String> batch : batches) {
            current++;
            int number = current;
            if (!send(
                    watch,
                    id -> new Push.FuzzySync(id, watch.pattern.text(), type, batch, batches.size(), number),
                    acknowledged)) {
                return;
            }
            watch.told.addAll(batch);
        }
    }

    /** Sends a message until it is acknowledged; returns false where the client takes no more at the moment. */
    private boolean send(Watch watch, LongFunction<Push> message, Runnable acknowledged) {
        @Nullable Pusher pusher = pushes.pusher(watch.client);
        if (watch.over || pusher == null) {
            return false;
        }
        if (!pusher.isReady()) {
            watch.behind = true;
            return false;
        }
        Acknowledgements acknowledgements = pushes.acknowledgements();
        long id = acknowledgements.nextId();
        pusher.send(message.apply(id));
        acknowledgements.await(id, watch.client, outcome -> {
            if (outcome == Acknowledgements.Outcome.ACKNOWLEDGED) {
                acknowledged.run();
            } else {
                loop.after(config.retryDelay(), () -> send(watch, message, acknowledged));
            }
        });
        return true;
    }

    private List<String> matches(FuzzyPattern pattern) {
        List<String> found = new ArrayList<>();
        for (ServiceKey service : services.services(pattern.namespace()).keySet()) {
            ServiceView view = pattern.matches(service) ? services.view(service) : null;
            if (view != null && view.hasInstances()) {
                found.add(service.fullName());
                if (found.size() > MATCHES_MAX) {
                    break;
                }
            }
        }
        return found;
    }

    private static List<List<String>> batches(List<String> all) {
        List<List<String>> batches = new ArrayList<>();
        for (int from = 0; from < all.size(); from += BATCH_MAX) {
            batches.add(List.copyOf(all.subList(from, Math.min(all.size(), from + BATCH_MAX))));
        }
        return batches;
    }
}
