package io.registry.server.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.api.NamingService;
import io.registry.client.RegistryClient;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** How much of a process the SDK takes, and that it gives all of it back. */
class SdkLeakIT {

    private static final int SERVICES = 200;
    private static final int THREADS_MAX = 4;
    private static final Duration SOON = Duration.ofSeconds(10);

    @SuppressWarnings("NullAway.Init")
    private static RegistryProcess server;

    @BeforeAll
    static void startServer() {
        server = RegistryProcess.start();
    }

    @AfterAll
    static void endServer() {
        server.close();
    }

    /** The threads that run now and did not before. */
    private static List<String> newThreads(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .sorted()
                .toList();
    }

    /** Sockets of this process to the server, as the system lists them. */
    private static Set<String> sockets() {
        Set<String> sockets = new TreeSet<>();
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            for (Path file : files.toList()) {
                try {
                    String target = Files.readSymbolicLink(file).toString();
                    if (target.startsWith("socket:")) {
                        sockets.add(target);
                    }
                } catch (IOException e) {
                    // Closed meanwhile.
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sockets;
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void twoHundredServicesLeaveNothingBehind() {
        Set<String> before = sockets();
        Set<Thread> threadsBefore = Thread.getAllStackTraces().keySet();
        List<NamingService> all = new ArrayList<>();
        for (int i = 0; i < SERVICES; i++) {
            // Four identities, so that connections are several too.
            NamingService naming = RegistryClient.builder()
                    .serverAddr(server.address())
                    .namespace("n" + i % 4)
                    .build();
            all.add(naming);
            naming.subscribe("leak", change -> {});
            naming.registerInstance("leak", "10.1." + i / 100 + "." + i % 100, 80);
        }
        List<String> during = newThreads(threadsBefore);
        Set<String> open = sockets();
        open.removeAll(before);

        assertThat(all.get(0).getAllInstances("leak", false)).hasSize(SERVICES / 4);
        all.forEach(NamingService::close);

        assertThat(during).hasSizeLessThanOrEqualTo(THREADS_MAX).allMatch(name -> name.startsWith("registry-client-"));
        assertThat(open).hasSizeLessThanOrEqualTo(4);
        Await.until("threads have ended", SOON, () -> newThreads(threadsBefore).isEmpty());
        Await.until("sockets are closed", SOON, () -> {
            Set<String> left = sockets();
            left.removeAll(before);
            return left.isEmpty();
        });
        try (NamingService observer = RegistryClient.builder()
                .serverAddr(server.address())
                .namespace("n0")
                .build()) {
            assertThat(observer.getAllInstances("leak", false)).isEmpty();
        }
    }

    @Test
    void closingIsQuickWithAServerToo() {
        NamingService naming =
                RegistryClient.builder().serverAddr(server.address()).build();
        for (int i = 0; i < 500; i++) {
            naming.registerInstance("quick-" + i, "10.1.1.1", 80);
        }
        Thread closing = new Thread(naming::close);

        closing.start();

        Await.until("closed", Duration.ofSeconds(2), () -> !closing.isAlive());
        try (NamingService observer =
                RegistryClient.builder().serverAddr(server.address()).build()) {
            Await.until(
                    "all gone",
                    SOON,
                    () -> observer.getAllInstances("quick-499", false).isEmpty());
        }
    }
}
