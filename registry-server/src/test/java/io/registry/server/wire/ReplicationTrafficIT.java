package io.registry.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryCluster;
import io.registry.server.testkit.RegistryProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What three real servers send each other: nothing for what does not change, and little for what does. */
@Tag("long")
class ReplicationTrafficIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    /** Long enough for some digests to each member, which are sent every second. */
    private static final long SAMPLE_MILLIS = 10_000;

    private static final int CHANGES = 50;
    private static final int FEW = 10;
    private static final int MANY = 10_000;
    private static final int CLIENTS = 500;

    @Test
    void aChangeCostsTheSameHoweverMuchItsClientPublishes() {
        try (RegistryCluster cluster = RegistryCluster.start(3);
                Naming client = Naming.on(port(cluster))) {
            register(cluster, client, 0, FEW);
            double bytesOfFew = bytesPerChange(cluster, client, "few");
            register(cluster, client, FEW, MANY);
            double bytesOfMany = bytesPerChange(cluster, client, "many");

            System.out.printf(
                    "bytes per change to two members: %.0f with %d publications, %.0f with %d%n",
                    bytesOfFew, FEW, bytesOfMany, MANY);
            assertThat(bytesOfMany).isLessThan(2 * bytesOfFew);
        }
    }

    @Test
    void idleTrafficIsTheSameHoweverManyClientsThereAre() {
        List<Naming> clients = new ArrayList<>();
        try (RegistryCluster cluster = RegistryCluster.start(3)) {
            double without = bytesPerSecond(cluster);
            for (int i = 0; i < CLIENTS; i++) {
                Naming client = Naming.on(port(cluster));
                clients.add(client);
                client.register("idle-" + i % FEW, "10.2." + i / 200 + "." + (1 + i % 200), 80);
            }
            awaitInstances(cluster, CLIENTS);
            double with = bytesPerSecond(cluster);

            System.out.printf(
                    "idle bytes a second to two members: %.0f without clients, %.0f with %d%n", without, with, CLIENTS);
            assertThat(with).isLessThan(1.2 * without);
        } finally {
            clients.forEach(Naming::close);
        }
    }

    private static int port(RegistryCluster cluster) {
        return cluster.node(0).port();
    }

    private static void register(RegistryCluster cluster, Naming client, int from, int to) {
        for (int i = from; i < to; i++) {
            client.register("service-" + i, Naming.instance("10.1.0.1", 80));
        }
        awaitInstances(cluster, to);
    }

    private static void awaitInstances(RegistryCluster cluster, int count) {
        for (RegistryProcess node : cluster.nodes()) {
            Await.until(
                    count + " instances on " + node.address(), SOON, () -> figure(node, "registry_instances") == count);
        }
    }

    /** What the first node sends for each of some changes, each of which is on the others before the next is made. */
    private static double bytesPerChange(RegistryCluster cluster, Naming client, String word) {
        double idle = bytesPerSecond(cluster);
        double before = sent(cluster);
        long begin = System.nanoTime();
        for (int i = 0; i < CHANGES; i++) {
            String mark = word + i;
            client.register("service-0", Naming.instance("10.1.0.1", 80, "metadata", Map.of("mark", mark)));
            for (int other = 1; other < 3; other++) {
                Http http = new Http(cluster.node(other));
                Await.until(
                        "the change " + mark,
                        SOON,
                        () -> http.send("GET", "/v1/ns/instance/list", "serviceName", Naming.GROUP + "@@service-0")
                                .contains("\"" + mark + "\""));
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        return (sent(cluster) - before - idle * seconds) / CHANGES;
    }

    private static double bytesPerSecond(RegistryCluster cluster) {
        double before = sent(cluster);
        long begin = System.nanoTime();
        // Nothing is waited for: it is looked at what happens in a time in which nobody does anything.
        new CompletableFuture<Void>()
                .completeOnTimeout(null, SAMPLE_MILLIS, TimeUnit.MILLISECONDS)
                .join();
        return (sent(cluster) - before) / ((System.nanoTime() - begin) / 1e9);
    }

    private static double sent(RegistryCluster cluster) {
        return figure(cluster.node(0), "registry_peer_bytes_total{direction=\"out\"");
    }

    /** Returns the sum of the figures whose name and labels begin so. */
    private static double figure(RegistryProcess node, String begin) {
        return new Http(node)
                .send("GET", "/actuator/prometheus")
                .lines()
                .filter(line -> line.startsWith(begin))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
