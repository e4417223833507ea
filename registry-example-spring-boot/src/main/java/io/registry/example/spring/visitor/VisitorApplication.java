package io.registry.example.spring.visitor;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cloud.client.loadbalancer.LoadBalanced;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

/** Visits the greeters, and says its name when they ask. */
@SpringBootApplication
@EnableScheduling
public class VisitorApplication {

    @Bean
    @LoadBalanced
    RestClient.Builder byName() {
        return RestClient.builder();
    }

    /** What the greeters call. */
    @RestController
    static class Name {

        @GetMapping("/name")
        String name() {
            return "visitor";
        }
    }
}
