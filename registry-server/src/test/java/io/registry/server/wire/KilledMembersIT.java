package io.registry.server.wire;

import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryCluster;
import io.registry.server.testkit.RegistryProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Members of a cluster that are killed amid writes, one of them or all: what was acknowledged is on each of them after. */
class KilledMembersIT {

    private static final int WRITERS = 6;
    private static final int NODES = 3;

    @Test
    void noAcknowledgedWriteIsLost() {
        killAndCompare(2, 1);
    }

    @Test
    @Tag("long")
    void noAcknowledgedWriteIsLostIn200Rounds() {
        killAndCompare(200, 2);
    }

    private static void killAndCompare(int rounds, long seed) {
        Random random = new Random(seed);
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try (RegistryCluster cluster = RegistryCluster.start(NODES)) {
            List<Writer> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                Writer writer = new Writer(i, seed);
                writer.prepare(cluster.node(i % NODES));
                writers.add(writer);
            }
            for (int round = 0; round < rounds; round++) {
                // All of them every other round, else one, which leads in a third of the cases.
                List<RegistryProcess> victims =
                        round % 2 == 0 ? List.of(cluster.node(random.nextInt(NODES))) : cluster.nodes();
                AtomicInteger count = new AtomicInteger();
                AtomicBoolean stop = new AtomicBoolean();
                List<CompletableFuture<Void>> writing = new ArrayList<>();
                for (int i = 0; i < WRITERS; i++) {
                    Writer writer = writers.get(i);
                    RegistryProcess node = cluster.node(i % NODES);
                    writing.add(CompletableFuture.runAsync(() -> writer.write(node, count, stop::get), threads));
                }
                int enough = random.nextInt(600);
                Await.until(enough + " writes of round " + round, Duration.ofSeconds(60), () -> count.get() >= enough);
                victims.forEach(RegistryProcess::kill);
                stop.set(true);
                CompletableFuture.allOf(writing.toArray(CompletableFuture<?>[]::new))
                        .orTimeout(60, TimeUnit.SECONDS)
                        .join();
                victims.forEach(RegistryProcess::launch);
                victims.forEach(RegistryProcess::awaitReady);
                for (RegistryProcess node : cluster.nodes()) {
                    writers.forEach(writer -> compare(writer, node));
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** What a majority has acknowledged reaches a node that was not asked with the next word of the leader. */
    private static void compare(Writer writer, RegistryProcess node) {
        String[] difference = {""};
        try {
            Await.until("as acknowledged", Duration.ofSeconds(20), () -> {
                difference[0] = writer.difference(node);
                return difference[0].isEmpty();
            });
        } catch (AssertionError e) {
            throw new AssertionError(difference[0] + "\n" + node.log(), e);
        }
    }
}
