package io.registry.example.spring.greeter;

import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.loadbalancer.LoadBalanced;
import org.springframework.core.env.Environment;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

/** Greets whoever calls by the name that the service {@code spring-visitor} says. */
@RestController
class Greetings {

    private static final String VISITOR = "spring-visitor";

    private final DiscoveryClient services;
    private final RestClient visitor;
    private final Environment environment;

    Greetings(DiscoveryClient services, @LoadBalanced RestClient.Builder byName, Environment environment) {
        this.services = services;
        this.visitor = byName.clone().baseUrl("http://" + VISITOR).build();
        this.environment = environment;
    }

    @GetMapping("/greeting")
    String greeting() {
        return "hello " + name() + " from " + environment.getProperty("local.server.port");
    }

    private @Nullable String name() {
        if (services.getInstances(VISITOR).isEmpty()) {
            return "stranger";
        }
        return visitor.get().uri("/name").retrieve().body(String.class);
    }
}
