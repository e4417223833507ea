package io.registry.server.boot;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.registry.distro.port.DistroClock;
import io.registry.server.core.balance.Loads;
import io.registry.server.core.balance.Rebalancer;
import io.registry.server.core.client.ClientManager;
import io.registry.server.core.cluster.Membership;
import io.registry.server.core.cluster.PeerCalls;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.operate.Readiness;
import io.registry.server.grpc.SdkServer;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Builds what keeps connections spread over the members. */
@Configuration(proxyBeanMethods = false)
public class BalanceWiring {

    @Bean
    Loads loads(Membership membership, PeerCalls peers, ClientManager clients, Readiness readiness) {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        DoubleSupplier cpu =
                system instanceof com.sun.management.OperatingSystemMXBean counted ? counted::getCpuLoad : () -> -1;
        return new Loads(membership, peers, clients, readiness::isReady, system::getSystemLoadAverage, cpu);
    }

    @Bean
    Rebalancer rebalancer(
            RegistryLoop loop,
            DistroClock clock,
            Membership membership,
            Loads loads,
            ClientManager clients,
            SdkServer server,
            RegistryProperties properties) {
        RandomGenerator random = RandomGenerator.getDefault();
        return new Rebalancer(
                loop,
                clock,
                boundMillis -> random.nextLong(boundMillis + 1),
                membership,
                loads,
                clients,
                server.connections(),
                properties.balance());
    }

    @Bean
    MeterBinder rebalancing(Rebalancer rebalancer) {
        return meters -> FunctionCounter.builder("registry.rebalance.asked", rebalancer, Rebalancer::asked)
                .register(meters);
    }
}
