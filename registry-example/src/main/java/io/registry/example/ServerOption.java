package io.registry.example;

import io.registry.api.NamingService;
import io.registry.client.NamingFactory;
import picocli.CommandLine.Option;

/** The option that all programs have. */
final class ServerOption {

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            description = "where the registry is; several with commas between them (default: ${DEFAULT-VALUE})")
    private String address = "127.0.0.1:8848";

    /** Returns the addresses as they were given. */
    String address() {
        return address;
    }

    /** Returns a client, which has to be closed. */
    NamingService connect() {
        return NamingFactory.createNamingService(address);
    }
}
