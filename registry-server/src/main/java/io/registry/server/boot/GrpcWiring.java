package io.registry.server.boot;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.registry.proto.codec.Pushes;
import io.registry.server.core.access.AccessPolicy;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.operate.Operators;
import io.registry.server.core.operate.Readiness;
import io.registry.server.core.operate.SubscriberWait;
import io.registry.server.core.service.ServiceCatalog;
import io.registry.server.flight.FlightRecorder;
import io.registry.server.grpc.Door;
import io.registry.server.grpc.GrpcConfig;
import io.registry.server.grpc.GrpcCounters;
import io.registry.server.grpc.SdkServer;
import io.registry.server.grpc.call.NamingCalls;
import io.registry.server.http.ops.Self;
import io.registry.server.node.NodeIdentity;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Builds the port that SDKs connect to. */
@Configuration(proxyBeanMethods = false)
public class GrpcWiring {

    @Bean
    GrpcConfig grpcConfig(RegistryProperties properties) {
        GrpcConfig.Transport transport = GrpcConfig.Transport.DEFAULTS;
        RegistryProperties.Limits limits = properties.limits();
        RegistryProperties.Connection connection = properties.connection();
        return new GrpcConfig(
                properties.address().getHostAddress(),
                properties.grpc().sdkPort(),
                new GrpcConfig.Transport(
                        properties.grpc().workers(),
                        limits.grpcMessageBytes(),
                        limits.grpcHeaderBytes(),
                        limits.callsPerConnection(),
                        transport.readyBytes()),
                new GrpcConfig.Limits(
                        limits.connections(),
                        limits.connectionsPerAddress(),
                        limits.connectionsPerApplication(),
                        limits.connectionsPending(),
                        connection.setupTimeout()),
                new GrpcConfig.Unfinished(limits.grpcUnfinishedPerConnectionBytes(), limits.grpcUnfinishedBytes()),
                new GrpcConfig.Idle(
                        connection.idleCheckInterval(),
                        connection.idleProbeAfter(),
                        connection.probeWait(),
                        connection.blockedAfter()));
    }

    @Bean
    GrpcCounters grpcCounters() {
        return new GrpcCounters();
    }

    @Bean(destroyMethod = "")
    SdkServer sdkServer(
            GrpcConfig config,
            TlsCertificates tls,
            Readiness readiness,
            Operators operators,
            SubscriberWait subscribers,
            ServiceCatalog catalog,
            AccessPolicy access,
            FlightRecorder recorder,
            GrpcCounters counters,
            Self self,
            NodeIdentity node,
            RegistryLoop loop,
            SystemClock clock,
            RegistryProperties properties) {
        NamingCalls calls = new NamingCalls(
                operators.connections(),
                operators.instances(),
                subscribers,
                catalog,
                properties.limits().node().batch());
        return SdkServer.over(
                config,
                tls.grpc(),
                readiness,
                operators.connections(),
                new Door(access, recorder),
                calls,
                counters,
                new Pushes(self.ip(), node.id().toString(), node.incarnation()),
                loop,
                clock::wallMillis,
                clock::nanos);
    }

    @Bean
    MeterBinder unfinishedMessages(SdkServer server) {
        return meters -> Gauge.builder("registry.grpc.unfinished", server, SdkServer::unfinishedBytes)
                .baseUnit("bytes")
                .register(meters);
    }

    @Bean
    GrpcLifecycle grpcLifecycle(SdkServer server) {
        return new GrpcLifecycle(server, GrpcLifecycle.DRAIN_WITHIN);
    }
}
