package io.registry.example;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import picocli.CommandLine.Option;

/** How much load, and where it may go. */
final class LoadOptions {

    @Option(names = "--clients", description = "clients that register, each a connection (default: ${DEFAULT-VALUE})")
    int clients = 10;

    @Option(names = "--instances", description = "instances of each client (default: ${DEFAULT-VALUE})")
    int instances = 10;

    @Option(names = "--services", description = "services that they are of (default: ${DEFAULT-VALUE})")
    int services = 10;

    @Option(
            names = "--subscribers",
            description = "clients that follow all services, each a connection (default: ${DEFAULT-VALUE})")
    int subscribers = 5;

    @Option(names = "--rate", description = "operations per second in all (default: ${DEFAULT-VALUE})")
    int rate = 100;

    @Option(
            names = "--queries",
            description = "percent of the operations that query; the others register (default: ${DEFAULT-VALUE})")
    int queryPercent = 50;

    @Option(names = "--workers", description = "operations under way at a time, at most (default: ${DEFAULT-VALUE})")
    int workers = 16;

    @Option(names = "--seconds", description = "how long (default: ${DEFAULT-VALUE})")
    int seconds = 30;

    @Option(names = "--allow-remote", description = "load a registry that is not on this machine, too")
    private boolean allowRemote;

    /**
     * Checks what was given.
     *
     * @throws CommonOptions.WrongOptionException where a number is out of its bounds or a server is not to be loaded
     */
    void check(String servers) {
        CommonOptions.check("--clients", clients, 1, 1000);
        CommonOptions.check("--instances", instances, 1, 1000);
        CommonOptions.check("--services", services, 1, 10_000);
        CommonOptions.check("--subscribers", subscribers, 0, 1000);
        CommonOptions.check("--rate", rate, 1, 100_000);
        CommonOptions.check("--queries", queryPercent, 0, 100);
        CommonOptions.check("--workers", workers, 1, 256);
        CommonOptions.check("--seconds", seconds, 1, 86_400);
        for (String server : servers.split(",", -1)) {
            if (!allowRemote && !isLoopback(server.strip())) {
                throw new CommonOptions.WrongOptionException("--server: " + server.strip()
                        + " (expected: a loopback address; --allow-remote permits any other)");
            }
        }
    }

    private static boolean isLoopback(String server) {
        try {
            String host = URI.create("http://" + server).getHost();
            if (host == null) {
                throw new IllegalArgumentException(server);
            }
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (!address.isLoopbackAddress()) {
                    return false;
                }
            }
            return true;
        } catch (IllegalArgumentException | UnknownHostException e) {
            throw new CommonOptions.WrongOptionException(
                    "--server: " + server + " (expected: host:port, a known host)");
        }
    }
}
