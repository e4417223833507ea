package io.registry.server.boot;

import io.registry.server.backup.Origin;
import io.registry.server.backup.Restore;
import io.registry.server.core.access.AccessConfig;
import io.registry.server.core.balance.Loads;
import io.registry.server.core.balance.Rebalancer;
import io.registry.server.core.client.ClientManager;
import io.registry.server.core.cluster.ClusterChanges;
import io.registry.server.core.cluster.DistroSampler;
import io.registry.server.core.cluster.Membership;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.loss.LossGuard;
import io.registry.server.core.operate.ClientCatalog;
import io.registry.server.core.operate.HoldOperator;
import io.registry.server.core.operate.NamespaceOperator;
import io.registry.server.core.operate.Operators;
import io.registry.server.core.operate.Readiness;
import io.registry.server.core.operate.ServiceDigests;
import io.registry.server.core.operate.ServiceRepair;
import io.registry.server.core.operate.SwitchOperator;
import io.registry.server.core.persistent.PersistentLog;
import io.registry.server.core.persistent.PersistentStore;
import io.registry.server.core.persistent.Switches;
import io.registry.server.core.push.HttpSubscriptions;
import io.registry.server.core.push.PushService;
import io.registry.server.core.service.ReferenceTime;
import io.registry.server.core.service.ServiceCatalog;
import io.registry.server.core.service.ServiceManager;
import io.registry.server.http.Admission;
import io.registry.server.http.BodyBudget;
import io.registry.server.http.Gate;
import io.registry.server.http.NamingServlet;
import io.registry.server.http.Routes;
import io.registry.server.http.naming.Beating;
import io.registry.server.http.naming.FormInstances;
import io.registry.server.http.naming.FormServices;
import io.registry.server.http.naming.Listing;
import io.registry.server.http.naming.SubscriberList;
import io.registry.server.http.ops.BackupRoutes;
import io.registry.server.http.ops.ClientRoutes;
import io.registry.server.http.ops.DistroRoutes;
import io.registry.server.http.ops.FlightRoutes;
import io.registry.server.http.ops.LoaderRoutes;
import io.registry.server.http.ops.LogRoutes;
import io.registry.server.http.ops.MemberRoutes;
import io.registry.server.http.ops.MembershipRoutes;
import io.registry.server.http.ops.MetricsRoutes;
import io.registry.server.http.ops.NamespaceRoutes;
import io.registry.server.http.ops.ProbeRoutes;
import io.registry.server.http.ops.PrometheusRoutes;
import io.registry.server.http.ops.Self;
import io.registry.server.http.ops.ServerStateRoutes;
import io.registry.server.http.ops.StatusGate;
import io.registry.server.http.ops.SwitchRoutes;
import io.registry.server.http.ops.VerifyRoutes;
import io.registry.server.http.v1.BeatRoutes;
import io.registry.server.http.v1.CatalogRoutes;
import io.registry.server.http.v1.ClusterRoutes;
import io.registry.server.http.v1.InstanceRoutes;
import io.registry.server.http.v1.ServiceRoutes;
import io.registry.server.http.v3.AdminInstanceRoutes;
import io.registry.server.http.v3.AdminServiceRoutes;
import io.registry.server.http.v3.ClientInstanceRoutes;
import io.registry.server.http.v3.HoldRoutes;
import io.registry.server.http.v3.OverrideRoutes;
import io.registry.server.metrics.PushFigures;
import io.registry.server.node.NodeIdentity;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Builds the HTTP adapter: the table of routes, and the one servlet over it. */
@Configuration(proxyBeanMethods = false)
@Import({HttpWiring.NamingRoutes.class, HttpWiring.OperatorRoutes.class})
public class HttpWiring {

    /** What all bodies that are under way may take together, in bytes: a small part of the smallest sensible heap. */
    private static final long BODIES_BYTES_MAX = 64L * 1024 * 1024;

    @Bean
    Listing listing(ServiceManager services, HttpSubscriptions subscriptions, Switches switches, ReferenceTime time) {
        return new Listing(services, subscriptions, switches, time);
    }

    @Bean
    SubscriberList subscriberList(ClientManager clients, PushService pushes, HttpSubscriptions subscriptions) {
        return new SubscriberList(clients, pushes, subscriptions);
    }

    @Bean
    ClientCatalog clientCatalog(ClientManager clients, ServiceManager services, PersistentStore store) {
        return new ClientCatalog(clients, services, store);
    }

    @Bean
    Self self(RegistryProperties properties) throws UnknownHostException {
        InetAddress address = properties.address();
        // Bound to every address, the node still needs one by which it is known.
        String ip =
                address.isAnyLocalAddress() ? InetAddress.getLocalHost().getHostAddress() : address.getHostAddress();
        return new Self(ip, properties.port(), properties.raft().port(), System.currentTimeMillis());
    }

    @Bean
    Routes routes(NamingRoutes naming, OperatorRoutes operating) {
        Routes routes = new Routes();
        naming.addTo(routes);
        operating.addTo(routes);
        return routes;
    }

    /** The calls about instances and services. */
    record NamingRoutes(
            Operators operators,
            ServiceManager services,
            ServiceCatalog catalog,
            Listing listing,
            SubscriberList subscribers,
            Switches switches,
            HoldRoutes holds) {

        void addTo(Routes routes) {
            Beating beating = new Beating(operators.instances());
            FormInstances instances = new FormInstances(operators.instances(), switches);
            FormServices forms = new FormServices(operators.services());

            new InstanceRoutes(operators.instances(), services, listing, switches).addTo(routes);
            new BeatRoutes(beating).addTo(routes);
            new ServiceRoutes(operators.services(), catalog, subscribers).addTo(routes);
            new CatalogRoutes(services, catalog).addTo(routes);
            new ClusterRoutes(operators.services()).addTo(routes);

            new io.registry.server.http.v2.InstanceRoutes(operators.instances(), services, listing, beating, instances)
                    .addTo(routes);
            new io.registry.server.http.v2.ServiceRoutes(forms, services, catalog).addTo(routes);

            new ClientInstanceRoutes(instances, operators.instances(), services).addTo(routes);
            new AdminInstanceRoutes(instances, operators.instances(), services).addTo(routes);
            new AdminServiceRoutes(forms, catalog, subscribers).addTo(routes);
            new OverrideRoutes(operators.overrides()).addTo(routes);
            holds.addTo(routes);
        }
    }

    /** The calls of operators and of machines that watch. */
    record OperatorRoutes(
            Readiness readiness,
            ServiceManager services,
            ClientManager clients,
            ClientCatalog catalog,
            PushService pushes,
            PushFigures figures,
            SubscriberList subscribers,
            ReferenceTime time,
            Switches switches,
            PersistentLog log,
            PersistentStore store,
            RegistryProperties properties,
            Self self,
            LoggingSystem logging,
            BackupRoutes backups,
            Membership membership,
            MembershipRoutes members,
            DistroSampler sampler,
            DistroRoutes distro,
            Loads loads,
            Rebalancer rebalancer,
            VerifyRoutes verify,
            AccessWiring.AccessRoutes access,
            FlightRoutes flight) {

        void addTo(Routes routes) {
            new ProbeRoutes(readiness, services, self.port()).addTo(routes);
            new MetricsRoutes(readiness, services, clients, catalog, pushes, figures).addTo(routes);
            new SwitchRoutes(new SwitchOperator(log, switches), switches).addTo(routes);
            new ClientRoutes(catalog, pushes, subscribers, time).addTo(routes);
            new NamespaceRoutes(new NamespaceOperator(log, store, services)).addTo(routes);
            backups.addTo(routes);
            new MemberRoutes(self, membership, sampler).addTo(routes);
            members.addTo(routes);
            distro.addTo(routes);
            verify.addTo(routes);
            flight.addTo(routes);
            new ServerStateRoutes(self, properties.access().clients() == AccessConfig.Clients.REQUIRED).addTo(routes);
            access.addTo(routes);
            new LogRoutes((logger, level) -> logging.setLogLevel(logger, LogLevel.valueOf(level.name()))).addTo(routes);
            new LoaderRoutes(clients, loads, rebalancer).addTo(routes);
            if (properties.prometheusDiscovery()) {
                new PrometheusRoutes(services).addTo(routes);
            }
        }
    }

    @Bean
    BackupRoutes backupRoutes(
            PersistentStore store,
            PersistentLog log,
            Readiness readiness,
            RegistryProperties properties,
            NodeIdentity node,
            SystemClock clock) {
        String cluster = properties.cluster().name();
        String id = node.id().value();
        return new BackupRoutes(
                store,
                new Restore(log, store),
                readiness,
                () -> new Origin(clock.wallMillis(), cluster, id),
                clock::nanos,
                new BackupRoutes.Place(
                        properties.dataDir(),
                        properties.raft().diskReserve(),
                        Runtime.getRuntime().maxMemory() / 4));
    }

    @Bean
    MembershipRoutes membershipRoutes(Membership membership, ClusterChanges changes) {
        return new MembershipRoutes(membership, changes);
    }

    @Bean
    DistroRoutes distroRoutes(
            DistroSampler sampler, ServiceDigests digests, Operators operators, Membership membership, Self self) {
        return new DistroRoutes(sampler, digests, operators.router(), membership, self);
    }

    @Bean
    HoldRoutes holdRoutes(RegistryLoop loop, LossGuard guard) {
        return new HoldRoutes(new HoldOperator(loop, guard));
    }

    @Bean
    VerifyRoutes verifyRoutes(ServiceRepair repair, ServiceManager services) {
        return new VerifyRoutes(repair, services);
    }

    @Bean
    Gate gate(Readiness readiness, Switches switches) {
        return new StatusGate(readiness, switches);
    }

    @Bean
    ServletRegistrationBean<NamingServlet> namingServlet(
            Routes routes, Gate gate, Admission admission, RegistryProperties properties) {
        BodyBudget bodies = new BodyBudget(properties.limits().httpBodyBytes(), BODIES_BYTES_MAX);
        ServletRegistrationBean<NamingServlet> servlet = new ServletRegistrationBean<>(
                new NamingServlet(routes, gate, admission, bodies),
                "",
                "/v1/*",
                "/v2/*",
                "/v3/*",
                "/prometheus",
                "/prometheus/*");
        servlet.setName("naming");
        servlet.setLoadOnStartup(1);
        return servlet;
    }
}
