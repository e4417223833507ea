package io.registry.server.boot;

import io.registry.server.core.client.ClientManager;
import io.registry.server.core.operate.Operators;
import io.registry.server.core.operate.Readiness;
import io.registry.server.core.persistent.Switches;
import io.registry.server.core.push.HttpSubscriptions;
import io.registry.server.core.push.PushService;
import io.registry.server.core.service.ReferenceTime;
import io.registry.server.core.service.ServiceCatalog;
import io.registry.server.core.service.ServiceManager;
import io.registry.server.http.Gate;
import io.registry.server.http.NamingServlet;
import io.registry.server.http.Routes;
import io.registry.server.http.naming.Beating;
import io.registry.server.http.naming.FormInstances;
import io.registry.server.http.naming.FormServices;
import io.registry.server.http.naming.Listing;
import io.registry.server.http.naming.SubscriberList;
import io.registry.server.http.ops.ProbeRoutes;
import io.registry.server.http.ops.StatusGate;
import io.registry.server.http.v1.BeatRoutes;
import io.registry.server.http.v1.CatalogRoutes;
import io.registry.server.http.v1.ClusterRoutes;
import io.registry.server.http.v1.InstanceRoutes;
import io.registry.server.http.v1.ServiceRoutes;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Builds the HTTP adapter: the table of routes, and the one servlet over it. */
@Configuration(proxyBeanMethods = false)
public class HttpWiring {

    @Bean
    Listing listing(ServiceManager services, HttpSubscriptions subscriptions, Switches switches, ReferenceTime time) {
        return new Listing(services, subscriptions, switches, time);
    }

    @Bean
    SubscriberList subscriberList(ClientManager clients, PushService pushes, HttpSubscriptions subscriptions) {
        return new SubscriberList(clients, pushes, subscriptions);
    }

    @Bean
    Routes routes(
            Operators operators,
            ServiceManager services,
            ServiceCatalog catalog,
            Listing listing,
            SubscriberList subscribers,
            Switches switches,
            Readiness readiness,
            RegistryProperties properties) {
        Routes routes = new Routes();
        Beating beating = new Beating(operators.beats());
        new InstanceRoutes(operators.instances(), services, listing, switches).addTo(routes);
        new BeatRoutes(beating).addTo(routes);
        new ServiceRoutes(operators.services(), catalog, subscribers).addTo(routes);
        new CatalogRoutes(services, catalog).addTo(routes);
        new ClusterRoutes(operators.services()).addTo(routes);

        FormInstances instances = new FormInstances(operators.instances(), switches);
        FormServices forms = new FormServices(operators.services());
        new io.registry.server.http.v2.InstanceRoutes(operators.instances(), services, listing, beating, instances)
                .addTo(routes);
        new io.registry.server.http.v2.ServiceRoutes(forms, services, catalog).addTo(routes);

        new ProbeRoutes(readiness, services, properties.port()).addTo(routes);
        return routes;
    }

    @Bean
    Gate gate(Readiness readiness, Switches switches) {
        return new StatusGate(readiness, switches);
    }

    @Bean
    ServletRegistrationBean<NamingServlet> namingServlet(Routes routes, Gate gate) {
        ServletRegistrationBean<NamingServlet> servlet = new ServletRegistrationBean<>(
                new NamingServlet(routes, gate), "/v1/*", "/v2/*", "/v3/*", "/prometheus", "/prometheus/*");
        servlet.setName("naming");
        servlet.setLoadOnStartup(1);
        return servlet;
    }
}
