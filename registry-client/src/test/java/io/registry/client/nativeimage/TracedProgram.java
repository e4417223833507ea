package io.registry.client.nativeimage;

import io.registry.api.NamingService;
import io.registry.api.model.Instance;
import io.registry.client.RegistryClient;
import io.registry.client.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** An application that uses all of the client once, with each transport. */
final class TracedProgram {

    private TracedProgram() {}

    /**
     * Runs it.
     *
     * @param arguments the address of the server, the offset of its gRPC port, and a directory for the cache
     */
    public static void main(String[] arguments) throws Exception {
        for (Transport transport : Transport.values()) {
            CountDownLatch told = new CountDownLatch(1);
            try (NamingService naming = RegistryClient.builder()
                    .serverAddr(arguments[0])
                    .grpcPortOffset(Integer.parseInt(arguments[1]))
                    .transport(transport)
                    .credentials("me", "secret")
                    .loadCacheAtStart(true)
                    .requestTimeout(Duration.ofSeconds(20))
                    .cacheDirectory(Path.of(arguments[2]))
                    .build()) {
                naming.registerInstance("mine", "10.0.0.1", 80);
                naming.registerInstance(
                        "mine",
                        Instance.builder("10.0.0.2", 80).ephemeral(false).build());
                naming.subscribe("s", change -> told.countDown());
                if (!told.await(20, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("not told, over " + transport);
                }
                naming.selectOneHealthyInstance("s");
                naming.deregisterInstance("mine", "10.0.0.1", 80);
                System.out.println("done " + transport.name().toLowerCase(Locale.ROOT) + " " + naming.status());
            }
        }
    }
}
