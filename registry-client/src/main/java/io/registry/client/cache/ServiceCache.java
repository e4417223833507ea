package io.registry.client.cache;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceInfo;
import io.registry.api.model.ServiceKey;
import io.registry.proto.codec.KnownHosts;
import io.registry.proto.payload.HostList;
import io.registry.proto.payload.WireService;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The latest view of each service that is followed.
 *
 * <p>On one connection, an older view never replaces a newer one: an answer and a push may overtake each other. What the
 * first message of another connection says counts, whatever its age, since the clocks of two servers differ.
 *
 * <p><b>Threading</b>: written on the client loop; read by any thread.
 */
public final class ServiceCache implements KnownHosts {

    private static final Logger log = LoggerFactory.getLogger(ServiceCache.class);

    private final String namespace;
    /**
     * How long the first answer of a new connection is held back where it says that nobody is left. Providers that were cut
     * off with their consumers come back as those do, within the 3 s of their clients; a server of this project tells a new
     * subscriber that nobody is there after 6 s.
     */
    private static final Duration EMPTY_HELD = Duration.ofSeconds(7);

    private final boolean emptyProtection;
    private final BiConsumer<Duration, Runnable> later;
    private final Consumer<ServiceView> changes;
    private final Map<ServiceKey, ServiceView> views = new ConcurrentHashMap<>();

    /** The connections whose first answer about a service is held back. */
    private final Map<ServiceKey, Object> held = new HashMap<>();

    /**
     * Makes an empty cache.
     *
     * @param namespace the one of all its services
     * @param emptyProtection whether a list without a usable instance is not believed
     * @param later runs a task on the client loop after a time
     * @param changes is told each view that differs from the one before, in order
     */
    public ServiceCache(
            String namespace,
            boolean emptyProtection,
            BiConsumer<Duration, Runnable> later,
            Consumer<ServiceView> changes) {
        this.namespace = namespace;
        this.emptyProtection = emptyProtection;
        this.later = later;
        this.changes = changes;
    }

    @Override
    public HostList of(String group, String name) {
        ServiceView view = views.get(new ServiceKey(namespace, group, name));
        return view == null ? HostList.EMPTY : view.hosts();
    }

    /** Returns what is known of a service; null for nothing. */
    public @Nullable ServiceView view(ServiceKey service) {
        return views.get(service);
    }

    /** Returns all views. */
    public Collection<ServiceView> views() {
        return views.values();
    }

    /** Forgets a service. */
    public void remove(ServiceKey service) {
        held.remove(service);
        views.remove(service);
    }

    /** Takes a view that was kept in a file; one that a server told is not replaced. */
    public void restore(WireService service) {
        ServiceKey key = key(service);
        views.putIfAbsent(key, new ServiceView(info(key, service), service.hosts(), null, null));
    }

    /**
     * Takes the answer to a subscription. Where it is the first word of a new connection, and says that nobody is left of
     * those who were there before, it counts only if nothing better comes within a time: a server that has just started
     * knows nobody yet.
     *
     * @param source the connection it came on
     */
    public void answered(Object source, WireService service) {
        ServiceKey key = key(service);
        ServiceView before = views.get(key);
        if (before == null
                || before.source() == null
                || before.source() == source
                || before.instances().isEmpty()
                || !service.hosts().instances().isEmpty()) {
            accept(source, service, false);
            return;
        }
        log.info("nobody there after a change of connections, not believed yet: service={}", key);
        held.put(key, source);
        later.accept(EMPTY_HELD, () -> {
            if (held.remove(key, source)) {
                accept(source, service, false);
            }
        });
    }

    /**
     * Takes what a server says of a service by itself.
     *
     * @param source the connection it came on
     * @param emptyOnPurpose whether the server knows that nobody is there because all said goodbye
     */
    public void accept(Object source, WireService service, boolean emptyOnPurpose) {
        ServiceKey key = key(service);
        held.remove(key);
        ServiceView before = views.get(key);
        if (before != null
                && before.source() == source
                && service.lastRefTime() < before.info().referenceMillis()) {
            log.debug("older than what is known: service={}", key);
            return;
        }
        if (before != null && emptyProtection && !emptyOnPurpose && !service.allIps() && !hasUsable(service.hosts())) {
            log.warn(
                    "list without a usable instance not believed: service={} kept={}",
                    key,
                    before.instances().size());
            return;
        }
        ServiceView same = before != null && before.hosts() == service.hosts() ? before : null;
        ServiceView view = new ServiceView(
                info(key, service), service.hosts(), source, same == null ? null : same.choiceIfPrepared());
        views.put(key, view);
        if (same == null) {
            changes.accept(view);
        }
    }

    private ServiceKey key(WireService service) {
        return new ServiceKey(namespace, service.group(), service.name());
    }

    private static ServiceInfo info(ServiceKey key, WireService service) {
        return new ServiceInfo(
                key, service.hosts().instances(), service.lastRefTime(), service.reachProtectionThreshold());
    }

    private static boolean hasUsable(HostList hosts) {
        for (Instance instance : hosts.instances()) {
            if (instance.healthy() && instance.weight() > 0) {
                return true;
            }
        }
        return false;
    }
}
