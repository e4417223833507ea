package io.registry.server.core.service;

import io.registry.api.model.ServiceKey;
import io.registry.distro.port.DistroClock;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.persistent.PersistentCommand;
import io.registry.server.core.persistent.PersistentLog;
import io.registry.server.core.persistent.PersistentState;
import io.registry.server.core.persistent.PersistentStore;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes services that have been empty for a while, and forgets what was set about instances that have been gone as
 * long. A service that an operator created stays until it is deleted.
 *
 * <p><b>Threading</b>: on the loop only.
 */
public final class EmptyServiceSweep {

    private static final Logger LOG = LoggerFactory.getLogger(EmptyServiceSweep.class);

    private final RegistryLoop loop;
    private final DistroClock clock;
    private final ServiceManager services;
    private final PersistentStore store;
    private final PersistentLog log;
    private final Duration expireAfter;

    /**
     * Makes a sweep.
     *
     * @param expireAfter how long a service stays when its last instance has left
     */
    public EmptyServiceSweep(
            RegistryLoop loop,
            DistroClock clock,
            ServiceManager services,
            PersistentStore store,
            PersistentLog log,
            Duration expireAfter) {
        this.loop = loop;
        this.clock = clock;
        this.services = services;
        this.store = store;
        this.log = log;
        this.expireAfter = expireAfter;
    }

    /** Begins to sweep. */
    public void start() {
        Duration period = expireAfter.compareTo(Duration.ofSeconds(5)) < 0 ? expireAfter : Duration.ofSeconds(5);
        loop.after(period, () -> {
            sweep();
            start();
        });
    }

    private void sweep() {
        List<ServiceKey> empty = services.emptySince(clock.monotonicMillis() - expireAfter.toMillis());
        for (ServiceKey key : empty) {
            PersistentState.Service kept = store.state().service(key);
            if (kept.metadata() != null) {
                continue;
            }
            services.remove(key);
            LOG.info("service removed: service={} cause=empty for {}", key, expireAfter);
            if (!kept.overrides().isEmpty()) {
                var unused = log.propose(new PersistentCommand.DropOverrides(
                        key, List.copyOf(kept.overrides().keySet())));
            }
        }
    }
}
