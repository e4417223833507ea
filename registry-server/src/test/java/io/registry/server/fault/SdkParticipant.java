package io.registry.server.fault;

import io.registry.api.NamingService;
import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.client.RegistryClient;
import io.registry.client.Transport;
import io.registry.server.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** This project's own SDK, in this process. */
final class SdkParticipant implements Participant {

    private static final Duration REFUSED_MAX = Duration.ofSeconds(30);

    private final Transport transport;
    private final NamingService naming;
    private final Map<String, Set<String>> known = new ConcurrentHashMap<>();

    /** @param addresses of all nodes, with commas between them */
    SdkParticipant(String addresses, Transport transport) {
        this.transport = transport;
        try {
            naming = RegistryClient.builder()
                    .serverAddr(addresses)
                    .transport(transport)
                    .cacheDirectory(Files.createTempDirectory("registry-cache"))
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void register(String service, String ip, int port) {
        wanted(() -> naming.registerInstance(service, ip, port));
    }

    @Override
    public void deregister(String service, String ip, int port) {
        wanted(() -> naming.deregisterInstance(service, ip, port));
    }

    @Override
    public void follow(String service) {
        wanted(() -> naming.subscribe(service, change -> {
            Set<String> told = new TreeSet<>();
            change.instances().forEach(instance -> told.add(instance.ip() + ":" + instance.port()));
            known.put(service, told);
        }));
    }

    @Override
    public Set<String> known(String service) {
        return known.getOrDefault(service, Set.of());
    }

    @Override
    public String toString() {
        return "SDK over " + transport;
    }

    @Override
    public void close() {
        try {
            naming.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** What no server has answered is wanted all the same, and made good later; what one refused is said again here. */
    private void wanted(Runnable call) {
        RegistryException[] refused = new RegistryException[1];
        try {
            Await.until("a server that does not refuse", REFUSED_MAX, () -> {
                try {
                    call.run();
                    return true;
                } catch (RegistryException e) {
                    refused[0] = e;
                    return e.code() == ErrorCode.UNREACHABLE;
                }
            });
        } catch (AssertionError e) {
            throw new AssertionError(this + " is refused: " + refused[0], e);
        }
    }
}
