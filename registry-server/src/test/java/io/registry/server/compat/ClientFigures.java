package io.registry.server.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.api.NamingService;
import io.registry.api.model.Instance;
import io.registry.client.RegistryClient;
import io.registry.server.compat.driver.FiguresDriver;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.CutProxy;
import io.registry.server.testkit.RegistryProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What our client costs, beside nacos-client 2.5.1 against the same server: a benchmark, whose name keeps it out of every
 * suite. It prints a table, and holds that both know the same in the end; it asserts no figure. About ten minutes;
 * {@code -Dit.test=ClientFigures} runs it.
 *
 * <p>Each client lives in a process of its own with 256 MB and the serial collector, and is measured by the CPU time of
 * that process, after as much work as is measured. The two are measured one right after the other, twice; the lesser
 * figure of both times counts.
 */
class ClientFigures {

    private static final int ROUNDS = 2;
    private static final int REGISTRATIONS = 15_000;
    private static final int SERVICES = 10;
    private static final Duration PUSHING = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private RegistryProcess server;

    @SuppressWarnings("NullAway.Init")
    private NamingService changer;

    @SuppressWarnings("NullAway.Init")
    private NamingService rest;

    private final List<NamingService> publishers = new ArrayList<>();
    private final Map<String, Map<String, Double>> figures = new LinkedHashMap<>();
    private int times;

    @BeforeEach
    void start() {
        server = RegistryProcess.startWithHeap(1024);
        changer = publisher("changer");
        rest = publisher("rest");
    }

    @AfterEach
    void end() {
        publishers.forEach(NamingService::close);
        server.close();
    }

    @Test
    void figures() throws IOException {
        for (int i = 0; i < SERVICES; i++) {
            publish("ten-" + i, 10);
            publish("thousand-" + i, 1_000);
        }
        publish("large", 5_000);
        for (int round = 0; round < ROUNDS; round++) {
            for (String kind : List.of("sdk", "nacos")) {
                registrations(kind);
                pushes(kind, "ten", 250, "2 CPU per push of 10, us");
                // No more, or nacos-client takes a whole core and falls behind.
                pushes(kind, "thousand", 60, "3 CPU per push of 1,000, us");
                chooses(kind);
                heap(kind);
                bytes(kind);
            }
        }
        print();
    }

    private NamingService publisher(String name) {
        NamingService naming = RegistryClient.builder()
                .serverAddr(server.address())
                .appName(name)
                .cacheDirectory(directory.resolve(name))
                .build();
        publishers.add(naming);
        return naming;
    }

    private void publish(String service, int count) {
        for (int from = 0; from < count; from += 1_000) {
            // One connection publishes a thousand at most, and one more is the changer's.
            NamingService part = count > 1_000 ? publisher(service + "-" + from) : rest;
            part.batchRegisterInstance(
                    service,
                    "DEFAULT_GROUP",
                    IntStream.range(from, Math.min(count, from + 1_000))
                            .mapToObj(i -> Instance.builder("10.1." + i / 250 + "." + i % 250, 8080)
                                    .metadata("version", "1.2.3")
                                    .metadata("zone", "z" + i % 3)
                                    .build())
                            .toList());
        }
    }

    private DrivenProcess client(String kind, String address) throws IOException {
        Path home = Files.createDirectories(directory.resolve("client-" + times++));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-Duser.home=" + home,
                "-DJM.LOG.PATH=" + home.resolve("logs"),
                "-DJM.SNAPSHOT.PATH=" + home.resolve("snapshots"),
                "-Dnacos.logging.default.config.enabled=false"));
        command.addAll(List.of("-cp", kind.equals("sdk") ? sdkClassPath() : nacosClassPath()));
        command.addAll(List.of(FiguresDriver.class.getName(), kind, "serverAddr=" + address));
        return DrivenProcess.start(home, command);
    }

    private static String sdkClassPath() {
        return System.getProperty("java.class.path");
    }

    private static String nacosClassPath() {
        return NacosClient.ownClasses() + File.pathSeparator + NacosClient.classPath(ClientVersion.V2_5);
    }

    private void registrations(String kind) throws IOException {
        try (DrivenProcess client = client(kind, server.address())) {
            client.call(List.of("register", Integer.toString(REGISTRATIONS)));
            long before = number(client, "cpu");
            client.call(List.of("register", Integer.toString(REGISTRATIONS)));
            note("1 CPU per registration and deregistration, us", kind, micros(client, before) / REGISTRATIONS);
        }
    }

    private void pushes(String kind, String size, int aSecond, String name) throws IOException {
        try (DrivenProcess client = client(kind, server.address())) {
            for (int i = 0; i < SERVICES; i++) {
                client.call(List.of("subscribe", size + "-" + i));
            }
            change(size, aSecond, PUSHING);
            long events = number(client, "events");
            long before = number(client, "cpu");
            change(size, aSecond, PUSHING);
            double cpu = micros(client, before);
            note(name, kind, cpu / (number(client, "events") - events));
            assertSame(client, size + "-0");
        }
    }

    /** Lets one instance more come into each of the services, and go again, in turn. */
    private void change(String size, int aSecond, Duration time) {
        long start = System.nanoTime();
        long step = TimeUnit.SECONDS.toNanos(1) / aSecond;
        for (int i = 0; System.nanoTime() - start < time.toNanos(); i++) {
            String service = size + "-" + i % SERVICES;
            if (i / SERVICES % 2 == 0) {
                changer.registerInstance(service, "10.2.0.1", 80);
            } else {
                changer.deregisterInstance(service, "10.2.0.1", 80);
            }
            while (System.nanoTime() - start < (i + 1) * step) {
                LockSupport.parkNanos(step / 10);
            }
        }
    }

    private void assertSame(DrivenProcess client, String service) {
        String truth = changer.getAllInstances(service, false).stream()
                .map(Instance::address)
                .collect(Collectors.joining(","));
        Await.until(
                "the same list of " + service,
                SOON,
                () -> client.call(List.of("known", service)).get(0).equals(truth));
    }

    private void chooses(String kind) throws IOException {
        try (DrivenProcess client = client(kind, server.address())) {
            client.call(List.of("subscribe", "thousand-0"));
            Await.until("the list", SOON, () -> number(client, "events") > 0);
            for (int i = 0; i < 5; i++) {
                long nanos = Long.parseLong(
                        client.call(List.of("choose", "thousand-0", "20000")).get(0));
                note("4 selectOneHealthyInstance of 1,000, ns", kind, (double) nanos);
            }
        }
    }

    private void heap(String kind) throws IOException {
        try (DrivenProcess client = client(kind, server.address())) {
            client.call(List.of("subscribe", "ten-0"));
            Await.until("the first list", SOON, () -> number(client, "events") > 0);
            long before = number(client, "heap");
            for (int i = 0; i < SERVICES; i++) {
                client.call(List.of("subscribe", "thousand-" + i));
            }
            Await.until("all lists", SOON, () -> number(client, "events") > SERVICES);
            note(
                    "5 heap per followed service of 1,000, KiB",
                    kind,
                    (number(client, "heap") - before) / 1024.0 / SERVICES);
            note("6 threads of the process", kind, (double) number(client, "threads"));
        }
    }

    private void bytes(String kind) throws IOException {
        try (CutProxy network = CutProxy.to(server.port());
                DrivenProcess client = client(kind, network.address())) {
            client.call(List.of("subscribe", "large"));
            Await.until("the list", SOON, () -> number(client, "events") > 0);
            tick(20);
            long before = network.answeredBytes();
            tick(200);
            assertSame(client, "large");
            note("7 KiB per change of 5,000, 10 a second", kind, (network.answeredBytes() - before) / 1024.0 / 200);
        }
    }

    private void tick(int changes) {
        for (int i = 0; i < changes; i++) {
            if (i % 2 == 0) {
                changer.registerInstance("large", "10.2.0.1", 80);
            } else {
                changer.deregisterInstance("large", "10.2.0.1", 80);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    private static long number(DrivenProcess client, String command) {
        return Long.parseLong(client.call(List.of(command)).get(0));
    }

    private static double micros(DrivenProcess client, long beforeNanos) {
        return (number(client, "cpu") - beforeNanos) / 1_000.0;
    }

    private void note(String figure, String kind, double value) {
        figures.computeIfAbsent(figure, key -> new LinkedHashMap<>()).merge(kind, value, Math::min);
        System.out.printf("%s %s %.1f%n", figure, kind, value);
    }

    private void print() {
        System.out.println("| | here | nacos-client 2.5.1 | times |");
        System.out.println("|---|---|---|---|");
        figures.forEach((name, of) -> {
            double here = of.getOrDefault("sdk", Double.NaN);
            double there = of.getOrDefault("nacos", Double.NaN);
            System.out.printf("| %s | %.1f | %.1f | %.1f |%n", name.substring(2), here, there, there / here);
        });
        assertThat(figures).hasSize(7);
    }
}
