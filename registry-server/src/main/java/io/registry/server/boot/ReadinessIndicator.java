package io.registry.server.boot;

import io.registry.server.core.operate.Readiness;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Answers readiness probes: up when, and only when, clients may come. */
final class ReadinessIndicator implements HealthIndicator {

    private final Readiness readiness;

    ReadinessIndicator(Readiness readiness) {
        this.readiness = readiness;
    }

    @Override
    public Health health() {
        return readiness.isReady()
                ? Health.up().build()
                : Health.outOfService().withDetail("status", readiness.status()).build();
    }
}
