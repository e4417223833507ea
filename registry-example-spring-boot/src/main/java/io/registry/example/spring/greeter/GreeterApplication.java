package io.registry.example.spring.greeter;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.cloud.client.loadbalancer.LoadBalanced;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.web.client.RestClient;

/** Serves greetings; any number of these may run, come and go. */
@SpringBootApplication
public class GreeterApplication {

    private static final Logger log = LoggerFactory.getLogger(GreeterApplication.class);

    @Bean
    @LoadBalanced
    RestClient.Builder byName() {
        return RestClient.builder();
    }

    @EventListener
    void opened(WebServerInitializedEvent event) {
        log.info("greeting on port {}; Ctrl-C ends this", event.getWebServer().getPort());
    }
}
