package io.registry.server.boot;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.registry.server.core.health.HealthChecks;
import io.registry.server.core.persistent.PersistentLog;
import io.registry.server.core.persistent.PersistentStore;
import io.registry.server.core.persistent.Switches;
import io.registry.server.health.AllowedNetworks;
import io.registry.server.health.CheckHeaders;
import io.registry.server.health.NetworkProbe;
import java.util.random.RandomGenerator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Builds the active checks of persistent instances. */
@Configuration(proxyBeanMethods = false)
public class HealthWiring {

    @Bean(destroyMethod = "")
    NetworkProbe networkProbe(RegistryProperties properties, NodeThreads threads) {
        return new NetworkProbe(
                AllowedNetworks.of(properties.healthCheck().networks()),
                new CheckHeaders(properties.healthCheck().headers()),
                threads.names());
    }

    @Bean(destroyMethod = "")
    HealthChecks healthChecks(
            NetworkProbe probe, SystemClock clock, PersistentStore store, PersistentLog log, Switches switches) {
        return new HealthChecks(probe, clock, RandomGenerator.getDefault(), probe, store, log, switches, log::leads);
    }

    @Bean
    MeterBinder healthCheckMeters(HealthChecks checks) {
        return meters -> Gauge.builder("registry.health.checks", checks, HealthChecks::checks)
                .description("targets of active health checks")
                .register(meters);
    }

    @Bean
    HealthLifecycle healthLifecycle(HealthChecks checks, NetworkProbe probe) {
        return new HealthLifecycle(checks, probe);
    }
}
