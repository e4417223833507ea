package io.registry.example.spring.visitor;

import jakarta.annotation.PreDestroy;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.loadbalancer.LoadBalanced;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/**
 * Calls the service {@code spring-greeter} some 20 times a second.
 *
 * <p>Threading: the one thread of Spring's scheduler, and after it has ended the one that stops the application.
 */
@Component
class Visits {

    private static final Logger log = LoggerFactory.getLogger(Visits.class);
    private static final String GREETER = "spring-greeter";

    private final DiscoveryClient services;
    private final RestClient greeter;
    private final Map<String, Integer> answers = new TreeMap<>();
    private int failed;

    Visits(DiscoveryClient services, @LoadBalanced RestClient.Builder byName) {
        this.services = services;
        this.greeter = byName.clone().baseUrl("http://" + GREETER).build();
    }

    @Scheduled(fixedDelay = 50)
    void visit() {
        if (services.getInstances(GREETER).isEmpty()) {
            return;
        }
        try {
            answers.merge(
                    String.valueOf(greeter.get().uri("/greeting").retrieve().body(String.class)), 1, Integer::sum);
        } catch (RestClientException | IllegalStateException e) {
            failed++;
            log.warn("FAILED: {}", e.toString());
        }
    }

    @Scheduled(fixedRate = 1000)
    void report() {
        log.info(
                answers.isEmpty()
                        ? "waiting for " + GREETER
                        : "last second: " + answers + ", failed so far: " + failed);
        answers.clear();
    }

    @PreDestroy
    void sumUp() {
        log.info("failed: {}", failed);
    }
}
