package io.registry.server.boot;

import io.registry.distro.DistroConfig;
import io.registry.server.core.operate.NodeLimits;
import io.registry.server.core.push.PushConfig;
import java.time.Duration;
import org.springframework.core.env.Environment;

/** The settings of the node. */
record RegistryProperties(String address, int port, int sdkPort, String dataDir, Environment environment) {

    static RegistryProperties of(Environment environment) {
        int port = environment.getProperty("server.port", Integer.class, 8848);
        return new RegistryProperties(
                environment.getProperty("server.address", "127.0.0.1"),
                port,
                environment.getProperty("registry.grpc.sdk-port", Integer.class, port + 1000),
                environment.getProperty("registry.data-dir", "./data"),
                environment);
    }

    record Limits(int loopQueue, NodeLimits node) {}

    record Distro(DistroConfig config, Duration snapshotInterval, Duration ownerLease) {}

    record Push(PushConfig config) {}

    Limits limits() {
        return new Limits(65_536, new NodeLimits(1_000_000, 5_000_000, 1_000));
    }

    Distro distro() {
        DistroConfig config = DistroConfig.defaults();
        return new Distro(config, Duration.ofSeconds(10), config.ownerLease());
    }

    Push push() {
        return new Push(PushConfig.defaults());
    }

    Duration emptyServiceExpireAfter() {
        return environment.getProperty("registry.empty-service.expire-after", Duration.class, Duration.ofSeconds(60));
    }
}
