package io.registry.spring;

import io.registry.api.NamingService;
import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Departure;
import io.registry.api.model.Instance;
import io.registry.client.LocalAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The application's own registration: made when its web server is open, and taken back before that closes, so that
 * consumers have stopped calling when it does.
 *
 * <p>Its phase is the last to start and the first to stop, that of a {@link SmartLifecycle} by default.
 *
 * <p><b>Threading</b>: Spring starts and stops it on one thread at a time.
 */
public final class Registration implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Registration.class);

    private final NamingService naming;
    private final RegistrationProperties settings;
    private final RegistrationPort port;
    private final String service;
    private final String group;
    private volatile @Nullable Instance registered;

    Registration(
            NamingService naming,
            RegistrationProperties settings,
            RegistrationPort port,
            String service,
            String group) {
        this.naming = naming;
        this.settings = settings;
        this.port = port;
        this.service = service;
        this.group = group;
    }

    /** Returns what is registered, or null. */
    public @Nullable Instance instance() {
        return registered;
    }

    @Override
    public void start() {
        if (port.get() <= 0) {
            log.info("not registered: there is no web server, and registry.registration.port is not set");
            return;
        }
        if (service.isBlank()) {
            throw new IllegalStateException(
                    "the application cannot be registered: set spring.application.name or registry.registration.service");
        }
        Instance instance = Instance.builder(settings.ip().isBlank() ? LocalAddress.find() : settings.ip(), port.get())
                .cluster(settings.cluster())
                .weight(settings.weight())
                .metadata(settings.metadata())
                .build();
        try {
            naming.registerInstance(service, group, instance);
        } catch (RegistryException e) {
            if (e.code() != ErrorCode.UNREACHABLE) {
                throw e;
            }
            // It stays wanted, and the client makes it good: a registry that is away does not keep applications down.
            log.warn("not registered yet, and will be when a server is there: cause={}", e.getMessage());
        }
        registered = instance;
    }

    @Override
    public void stop() {
        Instance leaving = registered;
        registered = null;
        if (leaving == null) {
            return;
        }
        try {
            Departure departure = naming.deregisterAndAwait(service, group, leaving, settings.leaveTimeout());
            if (departure.certain() && !departure.complete()) {
                log.warn(
                        "left before every consumer knew: missing={} of={} {}",
                        departure.missingCount(),
                        departure.subscribers(),
                        departure.missing());
            }
            if (departure.subscribers() > 0) {
                linger();
            }
        } catch (RegistryException e) {
            log.warn("not deregistered in order; the end of the connection does it: cause={}", e.getMessage());
        }
    }

    /** A consumer that knows calls no more, but may have chosen this instance a moment before, and not called yet. */
    private void linger() {
        try {
            Thread.sleep(settings.linger().toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return registered != null;
    }
}
