package io.registry.server.core.loss;

import io.registry.api.model.Instance;
import io.registry.api.model.InstanceKey;
import io.registry.distro.model.Cause;
import io.registry.distro.model.ClientId;
import io.registry.server.core.client.ConnectionIds;
import io.registry.server.core.client.InstanceBytes;
import io.registry.server.core.client.Publication;
import io.registry.server.core.client.Published;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * What of one service has been lost lately, beside what lives: both counted by instance, whoever publishes it.
 *
 * <p>An instance is lost when its last publisher is, and no longer when somebody publishes it again. What is lost is kept
 * as it was published, so that it can be shown in its place.
 *
 * <p><b>Bounds</b>: no more instances are remembered as lost than have lived at once since the first of them was; the
 * eldest are forgotten.
 *
 * <p><b>Threading</b>: on the loop only.
 */
final class ServiceLosses {

    /** What one client published when it was lost. */
    private record Loss(Published published, String address, Cause cause, long atMillis) {}

    private final Map<InstanceKey, Integer> living = new HashMap<>();
    private final TreeMap<InstanceKey, ClientId> lostBy = new TreeMap<>();
    private final LinkedHashMap<ClientId, Loss> losses = new LinkedHashMap<>();
    private final Map<String, Integer> addresses = new HashMap<>();
    private TreePMap<ClientId, Published> held = TreePMap.empty();
    private List<Instance> shownNoLonger = new ArrayList<>();
    private int most;
    private int mostBefore;
    private long mostSinceMillis;
    private long latestMillis;

    /** The hold that runs; null while none does. */
    @Nullable
    Running running;

    /** How many of these the guard has counted. */
    int counted;

    /** How many of these the guard has counted as held. */
    int countedHeld;

    /** A hold that runs: when it began, and since when no more than may go are missing, or null. */
    static final class Running {
        final long beganMillis;
        final long beganWallMillis;

        @Nullable
        Long recoveredMillis;

        Running(long beganMillis, long beganWallMillis) {
            this.beganMillis = beganMillis;
            this.beganWallMillis = beganWallMillis;
        }
    }

    /** Counts what is published. */
    ServiceLosses(Map<ClientId, Published> published, long nowMillis) {
        published.values().forEach(each -> count(each.publication()));
        most = living.size();
        mostSinceMillis = nowMillis;
        latestMillis = nowMillis;
    }

    /**
     * How many instances there were before the losses: as many as have lived at once within the last one or two windows,
     * so that what was deregistered meanwhile makes the rest no smaller.
     */
    int had(long nowMillis, long windowMillis) {
        if (nowMillis - mostSinceMillis > windowMillis) {
            mostBefore = nowMillis - mostSinceMillis > 2 * windowMillis ? 0 : most;
            most = living.size();
            mostSinceMillis = nowMillis;
        }
        return Math.max(Math.max(most, mostBefore), lost() + living());
    }

    /** How many instances are published. */
    int living() {
        return living.size();
    }

    /** How many instances are lost. */
    int lost() {
        return lostBy.size();
    }

    /** From how many addresses the lost are. */
    int addresses() {
        return addresses.size();
    }

    /** What is shown beside what is published: nothing, unless a hold runs. */
    TreePMap<ClientId, Published> held() {
        return held;
    }

    /** Takes in what a client publishes now; what is published again is no longer lost. */
    void publishes(ClientId client, @Nullable Publication before, Publication now) {
        count(now);
        if (before != null) {
            uncount(before);
        }
        most = Math.max(most, living.size());
        drop(client);
        Map<ClientId, Set<InstanceKey>> returned = new LinkedHashMap<>();
        for (InstanceBytes instance : now.instances()) {
            InstanceKey key = instance.instance().key();
            ClientId by = lostBy.get(key);
            if (by != null) {
                returned.computeIfAbsent(by, each -> new LinkedHashSet<>()).add(key);
            }
        }
        returned.forEach(this::strip);
    }

    /** Takes in that a client, which meant it, publishes nothing any more. */
    void leaves(Publication before) {
        uncount(before);
    }

    /**
     * Takes in that a client was lost.
     *
     * @param room how many more instances may be remembered
     * @return whether all that it published is remembered: nobody else publishes any of it, and there was room
     */
    boolean loses(ClientId client, Published before, Cause cause, long nowMillis, int room) {
        latestMillis = nowMillis;
        Set<InstanceKey> gone = uncount(before.publication());
        if (gone.isEmpty() || gone.size() > room) {
            return false;
        }
        boolean whole = gone.size() == before.publication().size();
        Published kept = whole ? before : without(before, key -> !gone.contains(key));
        Loss loss = new Loss(kept, address(client, before.publication()), cause, nowMillis);
        gone.forEach(key -> lostBy.put(key, client));
        losses.put(client, loss);
        addresses.merge(loss.address(), 1, Integer::sum);
        if (running != null) {
            held = held.plus(client, kept);
        }
        while (lostBy.size() > Math.max(most, mostBefore)) {
            drop(losses.keySet().iterator().next());
            whole = false;
        }
        return whole;
    }

    /** Begins a hold: all that is lost is shown from now on. */
    void hold(Running begun) {
        running = begun;
        for (Map.Entry<ClientId, Loss> each : losses.entrySet()) {
            held = held.plus(each.getKey(), each.getValue().published());
        }
    }

    /** Forgets what was lost before a time. */
    void forgetBefore(long millis) {
        Iterator<Map.Entry<ClientId, Loss>> eldest = losses.entrySet().iterator();
        List<ClientId> old = new ArrayList<>();
        while (eldest.hasNext()) {
            Map.Entry<ClientId, Loss> each = eldest.next();
            if (each.getValue().atMillis() >= millis) {
                break;
            }
            old.add(each.getKey());
        }
        old.forEach(this::drop);
    }

    /** When a client was lost last, whether it took an instance with it or others publish all of its. */
    long latestMillis() {
        return latestMillis;
    }

    /** Forgets an address that is lost, in whichever cluster; returns whether it was. */
    boolean forget(String ip, int port) {
        boolean was = false;
        Map.Entry<InstanceKey, ClientId> next = lostBy.ceilingEntry(new InstanceKey(ip, port, ""));
        while (next != null && next.getKey().ip().equals(ip) && next.getKey().port() == port) {
            strip(next.getValue(), Set.of(next.getKey()));
            was = true;
            next = lostBy.higherEntry(next.getKey());
        }
        return was;
    }

    /** Returns what was shown further and is no longer, though its hold goes on, since this was asked for last. */
    List<Instance> takeShownNoLonger() {
        if (shownNoLonger.isEmpty()) {
            return List.of();
        }
        List<Instance> taken = shownNoLonger;
        shownNoLonger = new ArrayList<>();
        return taken;
    }

    /** Whether an address is lost, in whichever cluster. */
    boolean isLost(String ip, int port) {
        InstanceKey next = lostBy.ceilingKey(new InstanceKey(ip, port, ""));
        return next != null && next.ip().equals(ip) && next.port() == port;
    }

    /** Gives each instance that is lost, in the order of the losses. */
    void forEachLost(BiConsumer<Instance, Cause> each) {
        for (Loss loss : losses.values()) {
            for (InstanceBytes instance : loss.published().publication().instances()) {
                each.accept(instance.instance(), loss.cause());
            }
        }
    }

    private void count(Publication publication) {
        for (InstanceBytes instance : publication.instances()) {
            living.merge(instance.instance().key(), 1, Integer::sum);
        }
    }

    /** Returns what nobody publishes any more. */
    private Set<InstanceKey> uncount(Publication publication) {
        Set<InstanceKey> gone = new LinkedHashSet<>();
        for (InstanceBytes instance : publication.instances()) {
            InstanceKey key = instance.instance().key();
            if (living.computeIfPresent(key, (k, count) -> count == 1 ? null : count - 1) == null) {
                gone.add(key);
            }
        }
        return gone;
    }

    private void strip(ClientId client, Set<InstanceKey> keys) {
        Loss loss = losses.get(client);
        if (loss == null) {
            throw new IllegalStateException("lost by " + client + ", of whom nothing is known: " + keys);
        }
        if (loss.published().publication().size() <= keys.size()) {
            drop(client);
            return;
        }
        for (InstanceBytes instance : loss.published().publication().instances()) {
            if (keys.contains(instance.instance().key())) {
                forget(instance.instance());
            }
        }
        Published left = without(loss.published(), keys::contains);
        losses.replace(client, new Loss(left, loss.address(), loss.cause(), loss.atMillis()));
        if (running != null) {
            held = held.plus(client, left);
        }
    }

    private void forget(Instance instance) {
        lostBy.remove(instance.key());
        // What somebody publishes is shown as that.
        if (running != null && !living.containsKey(instance.key())) {
            shownNoLonger.add(instance);
        }
    }

    private void drop(ClientId client) {
        Loss loss = losses.remove(client);
        if (loss == null) {
            return;
        }
        for (InstanceBytes instance : loss.published().publication().instances()) {
            forget(instance.instance());
        }
        addresses.computeIfPresent(loss.address(), (address, count) -> count == 1 ? null : count - 1);
        held = held.minus(client);
    }

    private static Published without(Published published, Predicate<InstanceKey> unwanted) {
        List<InstanceBytes> left = published.publication().instances().stream()
                .filter(instance -> !unwanted.test(instance.instance().key()))
                .toList();
        return new Published(published.stamp(), Publication.of(left));
    }

    /** Where a client is: where its instances are, or, where they are in many places, where it speaks from. */
    private static String address(ClientId client, Publication publication) {
        String ip = publication.instances().get(0).instance().ip();
        for (InstanceBytes instance : publication.instances()) {
            if (!instance.instance().ip().equals(ip)) {
                return ConnectionIds.address(client);
            }
        }
        return ip;
    }
}
