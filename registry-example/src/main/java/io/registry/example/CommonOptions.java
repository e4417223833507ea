package io.registry.example;

import io.registry.api.NamingService;
import io.registry.client.NamingFactory;
import picocli.CommandLine.Option;

/** The options that all programs have. */
final class CommonOptions {

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            description = "where the registry is; several with commas between them (default: ${DEFAULT-VALUE})")
    private String server = "127.0.0.1:8848";

    /** Returns the addresses of the registry, as they were given. */
    String server() {
        return server;
    }

    /** Returns a client, which has to be closed. */
    NamingService connect() {
        return NamingFactory.createNamingService(server);
    }

    /**
     * Checks a number that was given.
     *
     * @throws WrongOptionException where it is out of its bounds
     */
    static void check(String option, long value, long min, long max) {
        if (value < min || value > max) {
            throw new WrongOptionException(option + ": " + value + " (expected: " + min + ".." + max + ")");
        }
    }

    /** An option has a value that it may not have; the message says which. */
    static final class WrongOptionException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WrongOptionException(String message) {
            super(message);
        }
    }
}
