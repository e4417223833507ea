package io.registry.spring;

import io.registry.api.ClientStatus;
import io.registry.api.NamingService;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Up where a server is connected and has every registration and subscription of this application. */
public final class RegistryHealthIndicator extends AbstractHealthIndicator {

    private final NamingService naming;

    RegistryHealthIndicator(NamingService naming) {
        super("the state of the registry client is not known");
        this.naming = naming;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        ClientStatus status = naming.status();
        builder.status(status.healthy() ? "UP" : "DOWN")
                .withDetail("state", status.state())
                .withDetail("server", status.server())
                .withDetail("registered", status.registered() + " of " + status.registrations())
                .withDetail("subscribed", status.subscribed() + " of " + status.subscriptions());
        if (!status.refused().isEmpty()) {
            builder.withDetail("refused", status.refused());
        }
    }
}
