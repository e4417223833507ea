package io.registry.server.boot;

import io.micrometer.core.instrument.MeterRegistry;
import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroConfig;
import io.registry.distro.DistroPorts;
import io.registry.distro.DistroProtocol;
import io.registry.distro.port.DistroClock;
import io.registry.distro.port.DistroTransport;
import io.registry.distro.port.Jitter;
import io.registry.server.core.client.BeatMonitor;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.client.ClientDataPort;
import io.registry.server.core.client.ClientManager;
import io.registry.server.core.client.ReplicaListeners;
import io.registry.server.core.cluster.ClusterChanges;
import io.registry.server.core.cluster.Membership;
import io.registry.server.core.cluster.PeerCalls;
import io.registry.server.core.cluster.Replication;
import io.registry.server.core.event.EventBus;
import io.registry.server.core.event.InstanceJournal;
import io.registry.server.core.health.HealthChecks;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.operate.NodeLimits;
import io.registry.server.core.operate.Operators;
import io.registry.server.core.operate.Readiness;
import io.registry.server.core.operate.Succession;
import io.registry.server.core.persistent.PersistentLog;
import io.registry.server.core.persistent.PersistentStore;
import io.registry.server.core.persistent.Switches;
import io.registry.server.core.push.FuzzyWatch;
import io.registry.server.core.push.HttpSubscriptions;
import io.registry.server.core.push.PushConfig;
import io.registry.server.core.push.PushService;
import io.registry.server.core.service.EmptyServiceSweep;
import io.registry.server.core.service.OverrideWatch;
import io.registry.server.core.service.ReferenceTime;
import io.registry.server.core.service.ServiceCatalog;
import io.registry.server.core.service.ServiceManager;
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
    EventBus eventBus() {
        return new EventBus();
    }

    @Bean
    PersistentStore persistentStore() {
        return new PersistentStore();
    }

    @Bean
    Switches switches(PersistentStore store) {
        return new Switches(store);
    }

    @Bean
    Readiness readiness(Switches switches) {
        return new Readiness(switches::overriddenServerStatus);
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
            SdkServer clients,
            RegistryProperties properties) {
        return new ServingLifecycle(core, readiness, membership, replication, clients.connections()::drain, properties);
    }

    @Bean
    ServiceManager serviceManager(EventBus events, DistroClock clock, PersistentStore store) {
        return new ServiceManager(events, clock, store);
    }

    @Bean
    ServiceCatalog serviceCatalog(ServiceManager services) {
        return new ServiceCatalog(services);
    }

    @Bean(destroyMethod = "close")
    RaftLog persistentLog(
            NodeIdentity node,
            RegistryProperties properties,
            RegistryLoop loop,
            PersistentStore store,
            ServiceManager services,
            NodeThreads threads)
            throws IOException {
        RaftConfig config = properties.raftConfig(node.id());
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
    ClientManager clientManager() {
        return new ClientManager();
    }

    @Bean
    ReplicaListeners replicaListeners() {
        return new ReplicaListeners();
    }

    @Bean
    DistroProtocol<ServiceKey, ClientData> distroProtocol(
            NodeIdentity node,
            RegistryProperties properties,
            DistroClock clock,
            RegistryLoop loop,
            DistroTransport<ServiceKey, ClientData> transport,
            BeatMonitor beats,
            ReplicaListeners listeners) {
        DistroConfig config = properties.distro().config();
        RandomGenerator random = RandomGenerator.getDefault();
        Jitter jitter = boundMillis -> random.nextLong(boundMillis + 1);
        return new DistroProtocol<>(
                node.id(),
                node.incarnation(),
                config,
                new DistroPorts<>(new ClientDataPort(), transport, clock, loop, jitter, beats::heardLately),
                listeners);
    }

    @Bean
    Replication replication(RegistryLoop loop, Membership membership, DistroProtocol<ServiceKey, ClientData> distro) {
        return new Replication(loop, membership, distro);
    }

    @Bean
    Succession succession(
            NodeIdentity node,
            DistroProtocol<ServiceKey, ClientData> distro,
            ServiceManager services,
            BeatMonitor beats) {
        return new Succession(node.id(), distro, services, beats);
    }

    @Bean
    ReferenceTime referenceTime(DistroClock clock) {
        return new ReferenceTime(clock);
    }

    @Bean
    PushFigures pushFigures(MeterRegistry meters) {
        return new PushFigures(meters);
    }

    @Bean
    PushConfig pushConfig(RegistryProperties properties) {
        return properties.push().config();
    }

    @Bean
    PushService pushService(
            RegistryLoop loop,
            ServiceManager services,
            ReferenceTime time,
            SystemClock clock,
            PushConfig config,
            Switches switches,
            PushFigures figures) {
        return new PushService(loop, services, time, clock, clock::nanos, config, switches::pushEnabled, figures);
    }

    @Bean
    FuzzyWatch fuzzyWatch(RegistryLoop loop, ServiceManager services, PushService pushes, PushConfig config) {
        return new FuzzyWatch(loop, services, pushes, config);
    }

    @Bean
    BeatMonitor beatMonitor(RegistryLoop loop, DistroClock clock) {
        return new BeatMonitor(loop, clock);
    }

    @Bean
    Operators operators(
            NodeIdentity node,
            RegistryLoop loop,
            DistroClock clock,
            ClientManager clients,
            ServiceManager services,
            DistroProtocol<ServiceKey, ClientData> distro,
            PeerCalls peers,
            PushService pushes,
            FuzzyWatch watches,
            ReferenceTime time,
            BeatMonitor monitor,
            PersistentStore store,
            PersistentLog log,
            Switches switches,
            RegistryProperties properties) {
        NodeLimits limits = properties.limits().node();
        return Operators.over(
                node.id(), loop, clock, clients, services, distro, peers, pushes, watches, time, monitor, store, log,
                switches, limits);
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
            RegistryProperties properties) {
        RegistryMetrics metrics = new RegistryMetrics(meters);
        metrics.bind(loop, services, clients, beats, pushes, figures, http, udp);
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
            EventBus events,
            RegistryLoop loop,
            ReplicaListeners listeners,
            ServiceManager services,
            Succession succession,
            Operators operators,
            Replication replication,
            PushService pushes,
            FuzzyWatch watches,
            InstanceJournal journal,
            WarmRestart warm,
            OverrideWatch overrides,
            HttpSubscriptions http,
            UdpEndpoint udp,
            EmptyServiceSweep sweep,
            PersistentLog log,
            HealthChecks checks,
            NodeThreads threads) {
        listeners.subscribers(List.of(services, succession, operators.router(), replication));
        events.subscribers(List.of(pushes, watches, journal, warm, checks, overrides));
        loop.afterEachTurn(events::deliver);
        return new CoreLifecycle(warm, replication, http, udp, sweep, overrides, log, threads);
    }
}
