package io.registry.server.boot;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Import;

/** Starts the server. */
@SpringBootApplication(proxyBeanMethods = false)
@Import({CoreWiring.class, WebWiring.class})
public class RegistryServer {

    public static void main(String[] args) {
        SpringApplication.run(RegistryServer.class, args);
    }
}
