package io.registry.server.core.service;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.distro.port.Cancellable;
import io.registry.distro.port.DistroClock;
import io.registry.server.core.event.RegistryEvent;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.persistent.InstanceOverride;
import io.registry.server.core.persistent.OverrideTarget;
import io.registry.server.core.persistent.PersistentCommand;
import io.registry.server.core.persistent.PersistentLog;
import io.registry.server.core.persistent.PersistentStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the time of an override is over, and has the log forget it: its expiry has come, or the incarnation that
 * it is about has ended.
 *
 * <p>An incarnation is the unbroken presence of an {@code ip:port} in a service, whoever publishes it; a gap that is no
 * longer than allowed does not break it. After a start nothing is known of earlier gaps, and clients are still coming
 * back: who has not come then counts as gone from the moment at which the node had served for the owner lease.
 *
 * <p>An override past its expiry is no longer shown even where the log cannot forget it yet.
 *
 * <p><b>Threading</b>: on the loop only.
 */
public final class OverrideWatch implements Consumer<RegistryEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(OverrideWatch.class);

    /** Changes that come together are looked at together. */
    private static final Duration GATHER = Duration.ofMillis(100);

    /** While there are overrides, also after a failure, and since the wall clock may be set. */
    private static final Duration PERIOD = Duration.ofSeconds(5);

    /** So many fit into an entry of the log by far. */
    private static final int ENDED_MAX = 1_000;

    private final RegistryLoop loop;
    private final DistroClock clock;
    private final ServiceManager services;
    private final PersistentStore store;
    private final PersistentLog log;
    private final BooleanSupplier serving;
    private final BooleanSupplier majority;
    private final long gapMillis;
    private final long leaseMillis;
    private final Map<ServiceKey, Watched> watched = new LinkedHashMap<>();
    private @Nullable Cancellable next;
    private long nextMillis;
    private @Nullable Long servingSinceMillis;
    private boolean failing;

    /**
     * Makes a watch that has not begun.
     *
     * @param serving whether the node serves; before, no absence counts
     * @param majority whether the node hears a majority of the members, itself included; one that does not cannot tell
     *     that an instance is gone
     * @param gap how long an incarnation may be absent
     * @param ownerLease how long clients may take to come back after a start of the node
     */
    public OverrideWatch(
            RegistryLoop loop,
            DistroClock clock,
            ServiceManager services,
            PersistentStore store,
            PersistentLog log,
            BooleanSupplier serving,
            BooleanSupplier majority,
            Duration gap,
            Duration ownerLease) {
        this.loop = loop;
        this.clock = clock;
        this.services = services;
        this.store = store;
        this.log = log;
        this.serving = serving;
        this.majority = majority;
        this.gapMillis = gap.toMillis();
        this.leaseMillis = ownerLease.toMillis();
    }

    /** Begins to watch. */
    public void start() {
        loop.post(() -> lookWithin(0));
    }

    @Override
    public void accept(RegistryEvent event) {
        if (event instanceof RegistryEvent.OverridesChanged changed) {
            watched.computeIfAbsent(changed.service(), key -> new Watched()).changed = true;
            lookWithin(GATHER.toMillis());
        } else if (event instanceof RegistryEvent.InstanceMoved moved) {
            Watched service = watched.get(moved.service());
            if (service != null) {
                moved(service, moved);
            }
        } else if (event instanceof RegistryEvent.LossLetGo loss) {
            Watched service = watched.get(loss.service());
            if (service != null) {
                loss.gone().forEach(instance -> absent(service, instance));
            }
        }
    }

    /** Another client may still publish the same address: that is looked at when the gap would be too long. */
    private void moved(Watched service, RegistryEvent.InstanceMoved moved) {
        String address = moved.instance().address();
        if (moved.came()) {
            service.absentSinceMillis.remove(address);
        } else {
            absent(service, moved.instance());
        }
    }

    /** An instance that was lost is there for as long as it is shown; then its gap begins. */
    private void absent(Watched service, Instance instance) {
        if (service.addresses.contains(instance.address())) {
            service.absentSinceMillis.put(instance.address(), clock.monotonicMillis());
            lookWithin(gapMillis + 1);
        }
    }

    private void lookWithin(long millis) {
        long at = clock.monotonicMillis() + millis;
        if (next != null) {
            if (nextMillis <= at) {
                return;
            }
            next.cancel();
        }
        nextMillis = at;
        next = loop.after(Duration.ofMillis(millis), () -> {
            next = null;
            look();
        });
    }

    private void look() {
        long now = clock.monotonicMillis();
        long wall = clock.wallMillis();
        if (!serving.getAsBoolean()) {
            lookWithin(PERIOD.toMillis());
            return;
        }
        long servingSince = servingSinceMillis == null ? now : servingSinceMillis;
        servingSinceMillis = servingSince;
        long wait = PERIOD.toMillis();
        Iterator<Map.Entry<ServiceKey, Watched>> each = watched.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<ServiceKey, Watched> entry = each.next();
            Watched service = entry.getValue();
            Map<OverrideTarget, InstanceOverride> overrides =
                    store.state().service(entry.getKey()).overrides();
            if (overrides.isEmpty()) {
                each.remove();
                continue;
            }
            if (service.changed) {
                service.changed = false;
                learnEnds(service, overrides, wall);
                learnAbsence(entry.getKey(), service, overrides, Math.max(now, servingSince + leaseMillis));
            }
            end(entry.getKey(), service, overrides, now, wall);
            wait = Math.min(wait, service.untilNext(now, wall, gapMillis));
        }
        if (!watched.isEmpty()) {
            lookWithin(wait);
        }
    }

    /** Learns when the next override expires, and whether one has. */
    private static void learnEnds(Watched service, Map<OverrideTarget, InstanceOverride> overrides, long wall) {
        service.expired = false;
        service.nextEndMillis = Long.MAX_VALUE;
        for (InstanceOverride override : overrides.values()) {
            if (override.isOver(wall)) {
                service.expired = true;
            } else if (override.expiresAtMillis() != InstanceOverride.NEVER) {
                service.nextEndMillis = Math.min(service.nextEndMillis, override.expiresAtMillis());
            }
        }
    }

    /** Learns which of the instances whose presence matters are not there. */
    private void learnAbsence(
            ServiceKey key, Watched service, Map<OverrideTarget, InstanceOverride> overrides, long absentSinceMillis) {
        service.addresses.clear();
        for (OverrideTarget target : overrides.keySet()) {
            String address = target.lifeline();
            if (address != null) {
                service.addresses.add(address);
            }
        }
        service.absentSinceMillis.keySet().retainAll(service.addresses);
        if (service.addresses.isEmpty()) {
            return;
        }
        Set<String> present = present(key);
        for (String address : service.addresses) {
            if (!present.contains(address)) {
                service.absentSinceMillis.putIfAbsent(address, absentSinceMillis);
            }
        }
    }

    private void end(
            ServiceKey key, Watched service, Map<OverrideTarget, InstanceOverride> overrides, long now, long wall) {
        if (service.nextEndMillis <= wall) {
            learnEnds(service, overrides, wall);
        }
        if (service.expired) {
            services.endOverrides(key);
        }
        if (!log.leads()) {
            // One of the members says so; should it lose the lead, another has counted likewise.
            return;
        }
        Set<String> gone = gone(key, service, now);
        if (service.proposed || (!service.expired && gone.isEmpty())) {
            return;
        }
        List<PersistentCommand.Ended> ended = new ArrayList<>();
        for (Map.Entry<OverrideTarget, InstanceOverride> each : overrides.entrySet()) {
            OverrideTarget target = each.getKey();
            boolean over = each.getValue().isOver(wall);
            String address = target.lifeline();
            if (ended.size() < ENDED_MAX && (over || (address != null && gone.contains(address)))) {
                ended.add(new PersistentCommand.Ended(target, each.getValue().setAtMillis()));
                LOG.info(
                        "override ends: service={} scope={} target={} cause={}",
                        key,
                        target.scope(),
                        target,
                        over ? "expired" : "the instance is gone");
            }
        }
        if (!ended.isEmpty()) {
            propose(service, new PersistentCommand.EndOverrides(key, ended));
        }
    }

    /** Returns the addresses that have been absent for longer than a gap may last. */
    private Set<String> gone(ServiceKey key, Watched service, long now) {
        Set<String> gone = new HashSet<>();
        if (!majority.getAsBoolean()) {
            return gone;
        }
        service.absentSinceMillis.forEach((address, since) -> {
            if (now - since > gapMillis) {
                gone.add(address);
            }
        });
        if (!gone.isEmpty()) {
            Set<String> present = present(key);
            gone.removeAll(present);
            service.absentSinceMillis.keySet().removeAll(present);
        }
        return gone;
    }

    private Set<String> present(ServiceKey key) {
        Set<String> present = new HashSet<>();
        ServiceView view = services.view(key);
        if (view != null) {
            for (Instance instance : view.instances()) {
                present.add(instance.address());
            }
        }
        return present;
    }

    private void propose(Watched service, PersistentCommand command) {
        service.proposed = true;
        try {
            var unused =
                    log.propose(command).whenComplete((done, failure) -> loop.post(() -> answered(service, failure)));
        } catch (RuntimeException e) {
            answered(service, e);
        }
    }

    private void answered(Watched service, @Nullable Throwable failure) {
        service.proposed = false;
        service.changed = true;
        if (failure != null && !failing) {
            LOG.warn("overrides whose time is over stay in the log; tried again: cause={}", failure.toString());
        }
        failing = failure != null;
    }

    /** What is known of the overrides of one service. */
    private static final class Watched {

        /** Whether the overrides have changed since they were looked at. */
        boolean changed;

        /** Whether the log is about to forget some. */
        boolean proposed;

        /** The addresses whose incarnations matter. */
        final Set<String> addresses = new HashSet<>();

        /** Of those, the ones that seem to be absent, and since when on the monotonic clock. */
        final Map<String, Long> absentSinceMillis = new LinkedHashMap<>();

        /** Whether one has expired and is still in the log. */
        boolean expired;

        /** The next expiry, on the wall clock. */
        long nextEndMillis = Long.MAX_VALUE;

        /** Returns how long it takes until something more is over; what is over already waits for the log. */
        long untilNext(long now, long wall, long gapMillis) {
            long until = nextEndMillis == Long.MAX_VALUE ? Long.MAX_VALUE : nextEndMillis - wall;
            for (long since : absentSinceMillis.values()) {
                long left = since + gapMillis + 1 - now;
                until = left > 0 ? Math.min(until, left) : until;
            }
            return until;
        }
    }
}
