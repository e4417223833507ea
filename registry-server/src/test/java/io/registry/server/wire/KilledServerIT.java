package io.registry.server.wire;

import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server that is killed in the middle of writes has, when it is back, all that it had acknowledged. */
class KilledServerIT {

    private static final int WRITERS = 6;

    @Test
    void noAcknowledgedWriteIsLost() {
        killAndCompare(3, 1);
    }

    @Test
    @Tag("long")
    void noAcknowledgedWriteIsLostIn200Rounds() {
        killAndCompare(200, 2);
    }

    private static void killAndCompare(int rounds, long seed) {
        Random random = new Random(seed);
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try (RegistryProcess server = RegistryProcess.start()) {
            List<Writer> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                Writer writer = new Writer(i, seed);
                writer.prepare(server);
                writers.add(writer);
            }
            for (int round = 0; round < rounds; round++) {
                AtomicInteger count = new AtomicInteger();
                CompletableFuture<?>[] writing = writers.stream()
                        .map(writer ->
                                CompletableFuture.runAsync(() -> writer.write(server, count, () -> false), threads))
                        .toArray(CompletableFuture<?>[]::new);
                int enough = random.nextInt(1_000);
                Await.until(enough + " writes of round " + round, Duration.ofSeconds(60), () -> count.get() >= enough);
                server.kill();
                CompletableFuture.allOf(writing).orTimeout(60, TimeUnit.SECONDS).join();
                server.restart();
                writers.forEach(writer -> writer.check(server));
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
