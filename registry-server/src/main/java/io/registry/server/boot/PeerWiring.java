package io.registry.server.boot;

import io.micrometer.core.instrument.MeterRegistry;
import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroProtocol;
import io.registry.distro.model.NodeId;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.cluster.Membership;
import io.registry.server.core.cluster.Replication;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.operate.Operators;
import io.registry.server.metrics.PeerFigures;
import io.registry.server.node.NodeIdentity;
import io.registry.server.peer.PeerChannel;
import io.registry.server.peer.PeerConfig;
import io.registry.server.peer.PeerCounters;
import io.registry.server.secret.PeerSecret;
import java.net.InetSocketAddress;
import java.util.random.RandomGenerator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Builds the port on which members replicate to one another and ask one another. */
@Configuration(proxyBeanMethods = false)
public class PeerWiring {

    @Bean
    PeerFigures peerFigures(MeterRegistry meters) {
        return new PeerFigures(meters);
    }

    @Bean(destroyMethod = "")
    PeerChannel peerChannel(
            RegistryProperties properties,
            NodeIdentity node,
            Membership membership,
            RegistryLoop loop,
            NodeThreads threads,
            SystemClock clock,
            PeerFigures figures) {
        ClusterSettings cluster = properties.cluster();
        PeerConfig config = new PeerConfig(
                node.id(),
                node.incarnation(),
                new PeerSecret(cluster.name(), cluster.secret()),
                new InetSocketAddress(properties.address(), properties.grpc().clusterPort()),
                PeerConfig.Versions.CURRENT,
                PeerConfig.Limits.DEFAULTS);
        RandomGenerator random = RandomGenerator.getDefault();
        return new PeerChannel(
                config,
                membership,
                loop::post,
                threads.names(),
                boundMillis -> random.nextLong(boundMillis + 1),
                clock::nanos,
                (peer, counters) -> show(figures, peer, counters));
    }

    private static void show(PeerFigures figures, NodeId peer, PeerCounters counters) {
        String id = peer.value();
        figures.up(id, counters::isUp);
        figures.counters("messages", id, "direction", counters.messages());
        figures.counters("bytes", id, "direction", counters.bytes());
        figures.counters("drops", id, "reason", counters.drops());
        figures.counters("streams", id, "event", counters.streams());
        figures.counters("calls", id, "outcome", counters.calls());
    }

    @Bean
    PeerLifecycle peerLifecycle(
            PeerChannel channel,
            Replication replication,
            RegistryProperties properties,
            DistroProtocol<ServiceKey, ClientData> distro,
            Operators operators,
            PeerFigures figures) {
        boolean inCluster = properties.cluster().lookup() != null;
        if (inCluster) {
            figures.counter("refused", channel.refusals());
            figures.counter("unknown", channel.unknown());
        }
        return new PeerLifecycle(channel, replication, inCluster, distro::onMessage, operators.router());
    }
}
