package io.registry.server.boot;

import io.micrometer.core.instrument.MeterRegistry;
import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroProtocol;
import io.registry.distro.model.NodeId;
import io.registry.distro.port.DistroClock;
import io.registry.server.core.Core;
import io.registry.server.core.balance.Loads;
import io.registry.server.core.balance.Rebalancer;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.core.cluster.DistroSampler;
import io.registry.server.core.cluster.Membership;
import io.registry.server.core.cluster.PeerCalls;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.operate.PeerDesk;
import io.registry.server.core.operate.ServiceDigests;
import io.registry.server.core.operate.ServiceRepair;
import io.registry.server.core.service.ServiceManager;
import io.registry.server.http.UnreadBodies;
import io.registry.server.metrics.DistroFigures;
import io.registry.server.metrics.PeerFigures;
import io.registry.server.node.NodeIdentity;
import io.registry.server.peer.PeerChannel;
import io.registry.server.peer.PeerConfig;
import io.registry.server.peer.PeerCounters;
import io.registry.server.peer.grpc.GrpcLines;
import io.registry.server.peer.http.DatumServlet;
import io.registry.server.peer.http.HttpLines;
import io.registry.server.peer.line.Lines;
import io.registry.server.secret.PeerSecret;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.random.RandomGenerator;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Builds what members replicate to one another with, and ask one another. */
@Configuration(proxyBeanMethods = false)
public class PeerWiring {

    /** The same on every member: it is no setting. */
    private static final String CONTEXT_PATH = "/nacos";

    @Bean
    PeerFigures peerFigures(MeterRegistry meters) {
        return new PeerFigures(meters);
    }

    /** Where members come in over the HTTP port; nobody does where they have another port. */
    @Bean
    DatumServlet datumServlet() {
        return new DatumServlet(UnreadBodies::giveUp);
    }

    /** Before that of all naming calls, which answers the path as unknown where members do not come in here. */
    @Bean
    ServletRegistrationBean<DatumServlet> datumRegistration(DatumServlet servlet, RegistryProperties properties) {
        ServletRegistrationBean<DatumServlet> registration = new ServletRegistrationBean<>(servlet, DatumServlet.PATH);
        registration.setName("datum");
        registration.setEnabled(isOverHttp(properties));
        return registration;
    }

    private static boolean isOverHttp(RegistryProperties properties) {
        return properties.distro().overHttp() && !properties.cluster().alone();
    }

    @Bean
    HangUp hangUp(DatumServlet servlet, PeerLifecycle peers, RegistryProperties properties) {
        return new HangUp(
                isOverHttp(properties)
                        ? () -> {
                            peers.awaitAcknowledged();
                            servlet.hangUp();
                        }
                        : () -> {});
    }

    @Bean(destroyMethod = "")
    PeerChannel peerChannel(
            RegistryProperties properties,
            TlsCertificates tls,
            DatumServlet servlet,
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
        Lines lines = isOverHttp(properties)
                ? new HttpLines(config, servlet, CONTEXT_PATH)
                : new GrpcLines(config, tls.cluster());
        return new PeerChannel(
                config,
                lines,
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
    DistroSampler distroSampler(RegistryLoop loop, DistroProtocol<ServiceKey, ClientData> distro, DistroClock clock) {
        return new DistroSampler(loop, distro, clock);
    }

    @Bean
    DistroFigures distroFigures(MeterRegistry meters, DistroSampler sampler, Membership membership) {
        DistroFigures figures = new DistroFigures(meters, sampler::latest);
        figures.bind();
        figures.members(others(membership, membership.members()));
        membership.listen(members -> figures.members(others(membership, members)));
        return figures;
    }

    private static List<NodeId> others(Membership membership, List<ClusterMember> members) {
        return members.stream()
                .map(ClusterMember::id)
                .filter(id -> !id.equals(membership.self()))
                .toList();
    }

    @Bean
    ServiceDigests serviceDigests(
            RegistryLoop loop,
            DistroProtocol<ServiceKey, ClientData> distro,
            ServiceManager services,
            Membership membership,
            PeerCalls peers) {
        return new ServiceDigests(loop, distro, services, membership, peers);
    }

    @Bean
    ServiceRepair serviceRepair(
            RegistryLoop loop,
            DistroProtocol<ServiceKey, ClientData> distro,
            ServiceManager services,
            Membership membership,
            PeerCalls peers) {
        return new ServiceRepair(loop, distro, services, membership, peers);
    }

    @Bean
    PeerLifecycle peerLifecycle(
            PeerChannel channel,
            RegistryProperties properties,
            Core core,
            ServiceDigests digests,
            Loads loads,
            Rebalancer rebalancer,
            ServiceRepair repair,
            PeerFigures figures) {
        boolean inCluster = !properties.cluster().alone();
        if (inCluster) {
            figures.counter("refused", channel.refusals());
            figures.counter("unknown", channel.unknown());
        }
        PeerDesk desk =
                new PeerDesk(core.operators().router(), digests, core.subscriberWait(), loads, rebalancer, repair);
        return new PeerLifecycle(channel, core.replication(), inCluster, isOverHttp(properties), core::receive, desk);
    }
}
