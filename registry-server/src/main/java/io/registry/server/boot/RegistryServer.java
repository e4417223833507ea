package io.registry.server.boot;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the server. */
@SpringBootApplication
public class RegistryServer {

    public static void main(String[] args) {
        SpringApplication.run(RegistryServer.class, args);
    }
}
