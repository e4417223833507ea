package io.registry.server.boot;

import io.micrometer.core.instrument.MeterRegistry;
import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroProtocol;
import io.registry.distro.port.DistroClock;
import io.registry.distro.port.DistroTransport;
import io.registry.distro.port.Jitter;
import io.registry.server.access.FirstStart;
import io.registry.server.core.Core;
import io.registry.server.core.Foundation;
import io.registry.server.core.access.AccessPolicy;
import io.registry.server.core.access.RefusalReport;
import io.registry.server.core.balance.Rebalancer;
import io.registry.server.core.client.BeatMonitor;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.client.ClientManager;
import io.registry.server.core.cluster.ClusterChanges;
import io.registry.server.core.cluster.Membership;
import io.registry.server.core.cluster.PeerCalls;
import io.registry.server.core.cluster.Replication;
import io.registry.server.core.event.InstanceJournal;
import io.registry.server.core.health.HealthChecks;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.loss.LossGuard;
import io.registry.server.core.operate.Operators;
import io.registry.server.core.operate.Readiness;
import io.registry.server.core.operate.SubscriberWait;
import io.registry.server.core.persistent.PersistentLog;
import io.registry.server.core.persistent.PersistentStore;
import io.registry.server.core.persistent.Switches;
import io.registry.server.core.push.HttpSubscriptions;
import io.registry.server.core.push.PushService;
import io.registry.server.core.service.EmptyServiceSweep;
import io.registry.server.core.service.OverrideWatch;
import io.registry.server.core.service.ReferenceTime;
import io.registry.server.core.service.ServiceCatalog;
import io.registry.server.core.service.ServiceManager;
import io.registry.server.flight.FlightRecorder;
import io.registry.server.grpc.GrpcCounters;
import io.registry.server.grpc.SdkServer;
import io.registry.server.lookup.MemberLookup;
import io.registry.server.metrics.PushFigures;
import io.registry.server.metrics.RegistryMetrics;
import io.registry.server.node.NodeIdentity;
import io.registry.server.node.WarmRestart;
import io.registry.server.raft.RaftConfig;
import io.registry.server.raft.RaftLog;
import io.registry.server.udp.UdpEndpoint;
import java.io.IOException;
import java.util.List;
import java.util.random.RandomGenerator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/** Builds the core: what is made of what. */
@Configuration(proxyBeanMethods = false)
public class CoreWiring {

    @Bean
    RegistryProperties registryProperties(ConfigurableEnvironment environment) {
        return RegistryProperties.of(environment);
    }

    @Bean(destroyMethod = "close")
    NodeThreads nodeThreads() {
        return new NodeThreads();
    }

    @Bean
    SystemClock systemClock() {
        return new SystemClock();
    }

    @Bean
    RegistryLoop registryLoop(NodeThreads threads, RegistryProperties properties) {
        return new RegistryLoop(threads.loop(), properties.limits().loopQueue());
    }

    @Bean(destroyMethod = "close")
    NodeIdentity nodeIdentity(RegistryProperties properties) {
        try {
            return NodeIdentity.take(properties.dataDir(), properties.dataDirMoved());
        } catch (IOException e) {
            throw RefusedStart.because(e);
        }
    }

    @Bean
    Foundation foundation(RegistryLoop loop, SystemClock clock, RegistryProperties properties) {
        return Foundation.over(loop, clock, properties.lossGuard());
    }

    @Bean
    PersistentStore persistentStore(Foundation foundation) {
        return foundation.store();
    }

    @Bean
    Switches switches(Foundation foundation) {
        return foundation.switches();
    }

    @Bean
    Readiness readiness(Foundation foundation) {
        return foundation.readiness();
    }

    @Bean
    ReadinessIndicator registryHealthIndicator(Readiness readiness) {
        return new ReadinessIndicator(readiness);
    }

    @Bean
    ServingLifecycle servingLifecycle(
            CoreLifecycle core,
            Readiness readiness,
            Membership membership,
            Replication replication,
            Rebalancer rebalancer,
            SdkServer clients,
            FirstStart first,
            NodeThreads threads,
            RegistryProperties properties) {
        return new ServingLifecycle(
                core,
                readiness,
                membership,
                replication,
                rebalancer,
                clients.connections()::drain,
                first,
                threads.loop(),
                threads.peers(),
                properties);
    }

    @Bean
    LossGuard lossGuard(Foundation foundation) {
        return foundation.guard();
    }

    @Bean
    ServiceManager serviceManager(Foundation foundation) {
        return foundation.services();
    }

    @Bean
    ServiceCatalog serviceCatalog(ServiceManager services) {
        return new ServiceCatalog(services);
    }

    @Bean(destroyMethod = "close")
    RaftLog persistentLog(
            NodeIdentity node,
            RegistryProperties properties,
            TlsCertificates tls,
            RegistryLoop loop,
            PersistentStore store,
            ServiceManager services,
            NodeThreads threads)
            throws IOException {
        RaftConfig config = properties.raftConfig(node.id(), tls.raft());
        LastWord ending = new LastWord(threads.log());
        return new RaftLog(config, loop, store, services::changed, threads.log(), threads.peers(), ending);
    }

    @Bean
    Membership membership(RaftLog log) {
        return log.membership();
    }

    @Bean
    ClusterChanges clusterChanges(RaftLog log) {
        return log.changes();
    }

    @Bean
    DistroProtocol<ServiceKey, ClientData> distroProtocol(
            NodeIdentity node,
            RegistryProperties properties,
            Foundation foundation,
            DistroTransport<ServiceKey, ClientData> transport) {
        RandomGenerator random = RandomGenerator.getDefault();
        Jitter jitter = boundMillis -> random.nextLong(boundMillis + 1);
        return new DistroProtocol<>(
                node.id(),
                node.incarnation(),
                properties.distro().config(),
                foundation.ports(transport, jitter),
                foundation.replicas());
    }

    @Bean
    PushFigures pushFigures(MeterRegistry meters) {
        return new PushFigures(meters);
    }

    @Bean
    Core core(
            Foundation foundation,
            NodeIdentity node,
            DistroProtocol<ServiceKey, ClientData> distro,
            Membership membership,
            PeerCalls peers,
            PersistentLog log,
            SystemClock clock,
            PushFigures figures,
            RegistryProperties properties) {
        Core.Surroundings around = new Core.Surroundings(membership, peers, log, clock::nanos, figures);
        return Core.over(
                foundation,
                node.id(),
                distro,
                around,
                properties.push().config(),
                properties.limits().node());
    }

    @Bean
    SubscriberWait subscriberWait(Core core) {
        return core.subscriberWait();
    }

    @Bean
    ClientManager clientManager(Core core) {
        return core.clients();
    }

    @Bean
    Replication replication(Core core) {
        return core.replication();
    }

    @Bean
    ReferenceTime referenceTime(Core core) {
        return core.time();
    }

    @Bean
    PushService pushService(Core core) {
        return core.pushes();
    }

    @Bean
    BeatMonitor beatMonitor(Foundation foundation) {
        return foundation.beats();
    }

    @Bean
    Operators operators(Core core) {
        return core.operators();
    }

    @Bean
    UdpEndpoint udpEndpoint(RegistryProperties properties, RegistryLoop loop, SystemClock clock, Switches switches)
            throws IOException {
        return new UdpEndpoint(properties.address(), loop, loop::post, clock::nanos, switches::pushCacheMillis);
    }

    @Bean
    HttpSubscriptions httpSubscriptions(RegistryLoop loop, DistroClock clock, PushService pushes, UdpEndpoint udp) {
        return new HttpSubscriptions(loop, clock, pushes, udp);
    }

    @Bean
    EmptyServiceSweep emptyServiceSweep(
            RegistryLoop loop,
            DistroClock clock,
            ServiceManager services,
            PersistentStore store,
            RegistryProperties properties) {
        return new EmptyServiceSweep(loop, clock, services, store, properties.emptyServiceExpireAfter());
    }

    @Bean
    OverrideWatch overrideWatch(
            RegistryLoop loop,
            DistroClock clock,
            ServiceManager services,
            PersistentStore store,
            PersistentLog log,
            Readiness readiness,
            DistroProtocol<ServiceKey, ClientData> distro,
            RegistryProperties properties) {
        return new OverrideWatch(
                loop,
                clock,
                services,
                store,
                log,
                readiness::isServing,
                distro::seesMajority,
                properties.incarnationGap(),
                properties.distro().ownerLease());
    }

    @Bean
    WarmRestart warmRestart(
            RegistryProperties properties,
            RegistryLoop loop,
            DistroClock clock,
            DistroProtocol<ServiceKey, ClientData> distro,
            NodeThreads threads) {
        return new WarmRestart(
                properties.dataDir(),
                properties.distro().snapshotInterval(),
                properties.distro().ownerLease(),
                loop,
                clock,
                distro,
                threads.disk());
    }

    @Bean
    InstanceJournal instanceJournal(RegistryLoop loop, NodeThreads threads) {
        return new InstanceJournal(loop, threads.disk()::execute);
    }

    @Bean
    RegistryMetrics registryMetrics(
            MeterRegistry meters,
            RegistryLoop loop,
            ServiceManager services,
            ClientManager clients,
            BeatMonitor beats,
            PushService pushes,
            PushFigures figures,
            HttpSubscriptions http,
            UdpEndpoint udp,
            GrpcCounters grpc,
            LossGuard guard,
            AccessPolicy access,
            RefusalReport refusals,
            RegistryProperties properties) {
        RegistryMetrics metrics = new RegistryMetrics(meters);
        metrics.counter("registry.access.refused", access, AccessPolicy::refused);
        metrics.counter("registry.access.reported", refusals, RefusalReport::count);
        metrics.bind(loop, services, clients, beats, pushes, figures, http, udp);
        metrics.bind(guard);
        MemberLookup lookup = properties.cluster().lookup();
        if (lookup != null) {
            metrics.counter("registry.cluster.lookup.errors", lookup, MemberLookup::errors);
        }
        metrics.counters("registry.grpc.requests", "type", grpc.requests());
        metrics.counters("registry.grpc.rejections", "reason", grpc.rejections());
        metrics.counters("registry.grpc.events", "event", grpc.streams());
        return metrics;
    }

    @Bean
    CoreLifecycle coreLifecycle(
            Core core,
            InstanceJournal journal,
            WarmRestart warm,
            OverrideWatch overrides,
            HttpSubscriptions http,
            UdpEndpoint udp,
            EmptyServiceSweep sweep,
            PersistentLog log,
            HealthChecks checks,
            FlightRecorder recorder,
            NodeIdentity node,
            NodeThreads threads) {
        core.connect(List.of(journal, warm, checks, overrides, recorder));
        return new CoreLifecycle(warm, core.replication(), http, udp, sweep, overrides, log, recorder, node, threads);
    }
}
