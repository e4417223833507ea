package io.registry.server.boot;

import io.registry.proto.codec.Pushes;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.operate.Operators;
import io.registry.server.core.operate.Readiness;
import io.registry.server.core.service.ServiceCatalog;
import io.registry.server.grpc.GrpcConfig;
import io.registry.server.grpc.GrpcCounters;
import io.registry.server.grpc.SdkServer;
import io.registry.server.grpc.call.NamingCalls;
import io.registry.server.http.ops.Self;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Builds the port that SDKs connect to. */
@Configuration(proxyBeanMethods = false)
public class GrpcWiring {

    @Bean
    GrpcConfig grpcConfig(RegistryProperties properties) {
        Environment set = properties.environment();
        GrpcConfig.Transport transport = GrpcConfig.Transport.DEFAULTS;
        GrpcConfig.Limits limits = GrpcConfig.Limits.DEFAULTS;
        GrpcConfig.Idle idle = GrpcConfig.Idle.DEFAULTS;
        return new GrpcConfig(
                properties.address(),
                properties.sdkPort(),
                new GrpcConfig.Transport(
                        number(set, "registry.grpc.workers", transport.workers()),
                        number(set, "registry.grpc.message-bytes-max", transport.messageBytesMax()),
                        number(set, "registry.grpc.header-bytes-max", transport.headerBytesMax()),
                        number(set, "registry.grpc.calls-max", transport.callsMax()),
                        number(set, "registry.grpc.ready-bytes", transport.readyBytes())),
                new GrpcConfig.Limits(
                        number(set, "registry.connection.max", limits.total()),
                        number(set, "registry.connection.max-per-address", limits.perAddress()),
                        number(set, "registry.connection.max-per-application", limits.perApplication()),
                        number(set, "registry.connection.pending-max", limits.pending()),
                        time(set, "registry.connection.setup-timeout", limits.setupTimeout())),
                new GrpcConfig.Idle(
                        time(set, "registry.connection.scan-every", idle.scanEvery()),
                        time(set, "registry.connection.idle-probe-after", idle.probeAfter()),
                        time(set, "registry.connection.idle-ack-within", idle.ackWithin()),
                        time(set, "registry.connection.blocked-after", idle.blockedAfter())));
    }

    private static int number(Environment set, String name, int otherwise) {
        return set.getProperty(name, Integer.class, otherwise);
    }

    private static Duration time(Environment set, String name, Duration otherwise) {
        return set.getProperty(name, Duration.class, otherwise);
    }

    @Bean
    GrpcCounters grpcCounters() {
        return new GrpcCounters();
    }

    @Bean(destroyMethod = "")
    SdkServer sdkServer(
            GrpcConfig config,
            Readiness readiness,
            Operators operators,
            ServiceCatalog catalog,
            GrpcCounters counters,
            Self self,
            RegistryLoop loop,
            SystemClock clock,
            RegistryProperties properties) {
        NamingCalls calls = new NamingCalls(
                operators.connections(),
                operators.instances(),
                catalog,
                properties.limits().node().batch());
        return SdkServer.over(
                config,
                readiness,
                operators.connections(),
                calls,
                counters,
                new Pushes(self.ip()),
                loop,
                clock::wallMillis,
                clock::nanos);
    }

    @Bean
    GrpcLifecycle grpcLifecycle(SdkServer server, RegistryProperties properties) {
        Duration patience = time(properties.environment(), "registry.grpc.drain-within", GrpcLifecycle.DRAIN_WITHIN);
        return new GrpcLifecycle(server, patience);
    }
}
