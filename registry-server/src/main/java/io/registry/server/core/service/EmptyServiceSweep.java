package io.registry.server.core.service;

import io.registry.api.model.ServiceKey;
import io.registry.distro.port.DistroClock;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.persistent.PersistentStore;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes services that have been empty for a while. A service that an operator created stays until it is deleted.
 *
 * <p><b>Threading</b>: on the loop only.
 */
public final class EmptyServiceSweep {

    private static final Logger LOG = LoggerFactory.getLogger(EmptyServiceSweep.class);

    private final RegistryLoop loop;
    private final DistroClock clock;
    private final ServiceManager services;
    private final PersistentStore store;
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
            Duration expireAfter) {
        this.loop = loop;
        this.clock = clock;
        this.services = services;
        this.store = store;
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
            if (store.state().service(key).metadata() == null) {
                services.remove(key);
                LOG.info("service removed: service={} cause=empty for {}", key, expireAfter);
            }
        }
    }
}
