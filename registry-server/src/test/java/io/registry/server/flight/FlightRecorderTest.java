package io.registry.server.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.NodeId;
import io.registry.server.core.event.Origin;
import io.registry.server.core.event.RegistryEvent;
import io.registry.server.core.event.Source;
import io.registry.server.testkit.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told to a recorder, and what it says of it. */
class FlightRecorderTest {

    private static final ServiceKey ORDERS = new ServiceKey("public", "DEFAULT_GROUP", "orders");
    private static final ServiceKey STOCK = new ServiceKey("public", "DEFAULT_GROUP", "stock");
    private static final ClientId CLIENT = new ClientId("1_10.0.0.9_5");
    private static final Origin OPS = new Origin(Origin.Protocol.HTTP, "10.0.0.8", "ops", null);

    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1);
    private final AtomicLong wallMillis = new AtomicLong(1_000_000);

    @TempDir
    Path directory;

    @AfterEach
    void end() {
        thread.shutdownNow();
    }

    @Test
    void instancesAreRecordedWithWhoAndHowAndWhy() {
        FlightRecorder recorder = started(1 << 20);
        Instance before = instance("10.0.0.1");
        Instance now = Instance.builder("10.0.0.1", 80)
                .weight(2)
                .metadata("secret", "hidden")
                .build();

        recorder.accept(came(ORDERS, before, "published", OPS));
        recorder.accept(
                new RegistryEvent.InstanceChanged(ORDERS, before, now, new Source(CLIENT, "published", null, null)));
        recorder.accept(new RegistryEvent.InstanceMoved(
                ORDERS, now, false, new Source(CLIENT, "disconnected", new NodeId("n2"), null)));
        recorder.accept(new RegistryEvent.LossHeld(ORDERS, 6, 4, 3, "disconnected"));
        recorder.accept(new RegistryEvent.LossLetGo(ORDERS, List.of(now), "time is over", null));
        recorder.accept(new RegistryEvent.LossLetGo(ORDERS, List.of(now), "deregistered", OPS));

        assertThat(lines(recorder, all()))
                .containsExactly(
                        "let-go orders 10.0.0.1:80 http 10.0.0.8 ops deregistered",
                        "let-go orders 10.0.0.1:80 - - - time is over",
                        "held orders :0 - - - disconnected living=4 addresses=3 (6)",
                        "gone orders 10.0.0.1:80 grpc 10.0.0.9 - disconnected",
                        "changed orders 10.0.0.1:80 grpc 10.0.0.9 - published weight: 1.0 to 2.0, metadata: secret",
                        "came orders 10.0.0.1:80 http 10.0.0.8 ops published",
                        "started  :0 - - - test");
        assertThat(recorder.search(all()).entries())
                .extracting(FlightEntry::node)
                .contains("n2");
        recorder.close();
    }

    @Test
    void theStartAndTheStopSayWhichLifeItWas() {
        started(1 << 20).close();
        FlightRecorder next = started(1 << 20);

        assertThat(lines(next, all()))
                .containsExactly("started  :0 - - - test", "stopped  :0 - - - test", "started  :0 - - - test");
        next.close();
    }

    @Test
    void aQueryFindsByServiceInstanceUserKindAndTime() {
        FlightRecorder recorder = started(1 << 20);
        recorder.accept(came(ORDERS, instance("10.0.0.1"), "one", OPS));
        wallMillis.addAndGet(10);
        recorder.accept(came(STOCK, instance("10.0.0.1"), "two", OPS.as("other")));
        wallMillis.addAndGet(10);
        recorder.accept(came(STOCK, instance("10.0.0.2"), "three", null));
        recorder.accept(new RegistryEvent.Operated(OPS, "PUT /x", STOCK, "10.0.0.2", 80, "weight=1"));

        assertThat(causes(recorder, new FlightQuery(null, STOCK, null, 0, null, null, 0, 1L << 60, 1L << 60, 9)))
                .containsExactly("PUT /x", "three", "two");
        assertThat(causes(recorder, new FlightQuery(null, null, "10.0.0.1", 80, null, null, 0, 1L << 60, 1L << 60, 9)))
                .containsExactly("two", "one");
        assertThat(causes(recorder, new FlightQuery(null, null, null, 0, "ops", null, 0, 1L << 60, 1L << 60, 9)))
                .containsExactly("PUT /x", "one");
        assertThat(causes(
                        recorder,
                        new FlightQuery(
                                null, null, null, 0, null, FlightEntry.Kind.OPERATED, 0, 1L << 60, 1L << 60, 9)))
                .containsExactly("PUT /x");
        assertThat(causes(
                        recorder, new FlightQuery(null, null, null, 0, null, null, 1_000_010, 1_000_020, 1L << 60, 9)))
                .containsExactly("two");
        assertThat(causes(recorder, new FlightQuery("private", null, null, 0, null, null, 0, 1L << 60, 1L << 60, 9)))
                .isEmpty();
        recorder.close();
    }

    @Test
    void whatDoesNotFitIntoTheQueueIsCountedAndSaid() throws InterruptedException {
        FlightRecorder recorder = started(16 << 20);
        CountDownLatch over = new CountDownLatch(1);
        var unused = thread.submit(() -> {
            over.await();
            return null;
        });
        int many = 200_000;

        for (int i = 0; i < many; i++) {
            recorder.accept(came(ORDERS, instance("10.0.0.1"), "published", null));
        }
        long dropped = recorder.droppedCount();
        over.countDown();

        assertThat(dropped).isBetween(many - (1L << 17) - 1, many - (1L << 17) + 1);
        recorder.written().join();
        FlightQuery marks =
                new FlightQuery(null, null, null, 0, null, FlightEntry.Kind.DROPPED, 0, 1L << 60, 1L << 60, 9);
        assertThat(recorder.search(marks).entries())
                .extracting(FlightEntry::count)
                .containsExactly(dropped);
        assertThat(recorder.recorded() - 2).isEqualTo(many - dropped);
        recorder.close();
    }

    @Test
    void whatClientsSayTakesNoMoreThanSomeMemoryWhileTheDiskHangs() {
        FlightRecorder recorder = started(16 << 20);
        CountDownLatch over = new CountDownLatch(1);
        var unused = thread.submit(() -> {
            over.await();
            return null;
        });
        Instance large = Instance.builder("10.0.0.1", 80)
                .metadata("k", "v".repeat(1_023))
                .build();

        Instance larger = Instance.builder("10.0.0.1", 80)
                .metadata("k", "w".repeat(1_023))
                .build();
        for (int i = 0; i < 20_000; i++) {
            recorder.accept(new RegistryEvent.InstanceChanged(
                    ORDERS, large, larger, new Source(CLIENT, "published", null, null)));
        }
        int waiting = recorder.waiting();
        over.countDown();
        recorder.written().join();

        assertThat(waiting).isEqualTo((1 << 24) / 2_048);
        assertThat(recorder.droppedCount()).isEqualTo(20_000 - waiting);
        assertThat(recorder.waiting()).isZero();
        recorder.close();
    }

    @Test
    void aHundredThousandInstancesThatGoAtOnceAreAllRecordedHoweverMuchTheySay() throws InterruptedException {
        FlightRecorder recorder = started(64 << 20);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        var unused = thread.submit(() -> {
            begun.countDown();
            over.await();
            return null;
        });
        begun.await();
        Instance large = Instance.builder("10.0.0.1", 80)
                .metadata("k", "v".repeat(1_000))
                .build();

        for (int i = 0; i < 50_000; i++) {
            recorder.accept(came(ORDERS, large, "forgotten", null));
        }
        int patient = thread.getQueue().size();
        for (int i = 0; i < 50_000; i++) {
            recorder.accept(came(ORDERS, large, "forgotten", null));
        }
        int hurried = thread.getQueue().size();
        over.countDown();
        recorder.written().join();

        assertThat(patient).as("the drain that is due in a moment").isEqualTo(1);
        assertThat(hurried).as("and one at once").isEqualTo(2);
        assertThat(recorder.recorded()).isEqualTo(1 + 100_000);
        assertThat(recorder.droppedCount()).isZero();
        recorder.close();
    }

    @Test
    void oneEventIsTakenHoweverLargeWhereNoneWaits() {
        FlightRecorder recorder = started(1 << 20);
        recorder.written().join();
        String huge = "d".repeat((1 << 24) + 1);

        recorder.accept(new RegistryEvent.Operated(OPS, "PUT /x", STOCK, "", 0, huge));
        recorder.written().join();
        recorder.accept(new RegistryEvent.Operated(OPS, "PUT /y", STOCK, "", 0, "small"));

        assertThat(causes(recorder, all())).startsWith("PUT /y", "PUT /x");
        recorder.close();
    }

    @Test
    void whoeverAsksWhileTheDiskHangsWaitsForTheSame() {
        FlightRecorder recorder = started(1 << 20);
        CountDownLatch over = new CountDownLatch(1);
        var unused = thread.submit(() -> {
            over.await();
            return null;
        });

        List<CompletableFuture<?>> askers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            askers.add(recorder.written());
        }
        recorder.accept(came(ORDERS, instance("10.0.0.1"), "published", null));
        int tasks = thread.getQueue().size();
        CompletableFuture<?> written = recorder.written();
        over.countDown();
        written.join();
        askers.forEach(CompletableFuture::join);

        assertThat(tasks).isLessThan(10);
        assertThat(recorder.recorded()).isEqualTo(2);
        recorder.close();
    }

    @Test
    void refusalsAreCountedWhereThereAreManyAndLeaveRoomForTheRest() {
        FlightRecorder recorder = started(1 << 20);
        Origin stranger = Origin.of(Origin.Protocol.GRPC, "10.0.0.66");
        for (int i = 0; i < 1_000; i++) {
            recorder.accept(new RegistryEvent.Refused(stranger.as("root"), "InstanceRequest", ORDERS, "no such user"));
        }
        for (int i = 0; i < 1_000; i++) {
            recorder.accept(new RegistryEvent.Refused(stranger.as("u" + i), "InstanceRequest", ORDERS, "password"));
        }
        FlightQuery refused =
                new FlightQuery(null, null, null, 0, null, FlightEntry.Kind.REFUSED, 0, 1L << 60, 1L << 60, 1_000);

        recorder.written().join();
        assertThat(recorder.search(refused).entries()).hasSize(64);
        wallMillis.addAndGet(61_000);
        recorder.written().join();

        List<FlightEntry> entries = recorder.search(refused).entries();
        assertThat(entries).hasSize(66);
        assertThat(entries.get(0).count()).isEqualTo(1_000 - 63);
        assertThat(entries.get(1))
                .extracting(FlightEntry::user, FlightEntry::count)
                .containsExactly("root", 999L);
        assertThat(recorder.droppedCount()).isZero();
        recorder.close();
    }

    @Test
    @SuppressWarnings("NullAway") // what cannot be, and then is
    void whatCannotBePutInWordsIsCountedAndTheOthersAreThere() {
        FlightRecorder recorder = started(4 << 20);
        for (int round = 0; round < 2; round++) {
            recorder.accept(new RegistryEvent.InstanceMoved(
                    ORDERS, instance("10.0.0.1"), true, new Source(null, "x", null, null)));
            for (int i = 0; i < 6_000; i++) {
                recorder.accept(new RegistryEvent.Refused(OPS, "GET /x", ORDERS, "round " + round));
            }
            recorder.accept(came(ORDERS, instance("10.0.0.2"), "kept " + round, OPS));
            recorder.written().join();
        }

        assertThat(recorder.droppedCount()).isEqualTo(2);
        assertThat(causes(recorder, all()).stream().filter(cause -> !cause.equals("not recorded")))
                .containsExactly("kept 1", "round 1", "kept 0", "round 0", "test");
        wallMillis.addAndGet(61_000);
        recorder.written().join();
        assertThat(recorder.search(all()).entries())
                .as("no refusal was left out since those before were taken to wait still")
                .filteredOn(entry -> entry.count() > 1)
                .extracting(FlightEntry::count)
                .containsExactly(5_999L, 5_999L);
        recorder.close();
    }

    @Test
    void aFullDiskLosesEntriesAndNothingElse() throws IOException {
        try (SmallDisk disk = SmallDisk.of(directory.resolve("disk"), 1 << 20)) {
            directory = disk.path();
            FlightRecorder recorder = started(16 << 20);
            recorder.written().join();
            Path ballast = disk.fill();
            for (int i = 0; i < 1_000; i++) {
                recorder.accept(came(ORDERS, instance("10.0.0.1"), "lost", OPS));
                recorder.written().join();
            }
            assertThat(recorder.droppedCount()).isGreaterThan(500);

            Files.delete(ballast);
            recorder.accept(came(ORDERS, instance("10.0.0.1"), "kept", OPS));
            recorder.written().join();

            assertThat(causes(recorder, all()))
                    .startsWith("not recorded", "kept")
                    .endsWith("test");
            recorder.close();
        }
    }

    @Test
    void whereTheDirectoryCannotBeMadeNothingIsRecordedAndNobodyNotices() throws IOException {
        directory = Files.writeString(directory.resolve("file"), "in the way");
        FlightRecorder recorder = started(1 << 20);
        recorder.accept(came(ORDERS, instance("10.0.0.1"), "lost", OPS));
        recorder.written().join();

        assertThat(recorder.droppedCount()).isEqualTo(2);
        assertThat(recorder.search(all()).entries()).isEmpty();
        recorder.close();
    }

    @Test
    void aDirectoryThatIsDeletedComesBackWithTheNextEntry() throws IOException {
        Path flight = directory.resolve("flight");
        FlightRecorder recorder =
                new FlightRecorder(new FlightConfig(true, flight, 1 << 20, 1), wallMillis::get, thread);
        recorder.start("test");
        recorder.accept(came(ORDERS, instance("10.0.0.1"), "deleted", OPS));
        recorder.written().join();
        try (Stream<Path> segments = Files.list(flight)) {
            for (Path segment : segments.toList()) {
                Files.delete(segment);
            }
        }
        Files.delete(flight);

        recorder.accept(came(ORDERS, instance("10.0.0.1"), "kept", OPS));

        assertThat(causes(recorder, all())).containsExactly("kept");
        assertThat(recorder.droppedCount()).isZero();
        recorder.close();
    }

    @Test
    void aRecorderThatIsOffSaysSo() {
        FlightRecorder recorder = new FlightRecorder(
                new FlightConfig(false, directory.resolve("flight"), 1 << 20, 0), wallMillis::get, thread);
        recorder.start("test");
        recorder.accept(came(ORDERS, instance("10.0.0.1"), "lost", OPS));
        recorder.written().join();

        assertThat(directory.resolve("flight")).doesNotExist();
        assertThatThrownBy(() -> recorder.search(all()))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("registry.flight-recorder.enabled");
    }

    private FlightRecorder started(long bytes) {
        FlightRecorder recorder = new FlightRecorder(
                new FlightConfig(true, directory.resolve("flight"), bytes, 0), wallMillis::get, thread);
        recorder.start("test");
        return recorder;
    }

    private static FlightQuery all() {
        return new FlightQuery(null, null, null, 0, null, null, 0, 1L << 60, 1L << 60, 1_000);
    }

    private static List<String> causes(FlightRecorder recorder, FlightQuery query) {
        recorder.written().join();
        return recorder.search(query).entries().stream().map(FlightEntry::cause).toList();
    }

    private static List<String> lines(FlightRecorder recorder, FlightQuery query) {
        recorder.written().join();
        return recorder.search(query).entries().stream()
                .map(entry -> String.join(
                                " ",
                                entry.kind().word(),
                                entry.service(),
                                entry.ip() + ":" + entry.port(),
                                orDash(entry.protocol()),
                                orDash(entry.address()),
                                orDash(entry.user()),
                                entry.cause(),
                                entry.detail(),
                                entry.count() == 0 ? "" : "(" + entry.count() + ")")
                        .trim())
                .map(line -> line.replace("  (", " ("))
                .toList();
    }

    private static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }

    private static RegistryEvent came(ServiceKey service, Instance instance, String cause, @Nullable Origin origin) {
        return new RegistryEvent.InstanceMoved(
                service, instance, true, new Source(CLIENT, cause, new NodeId("n1"), origin));
    }

    private static Instance instance(String ip) {
        return Instance.builder(ip, 80).build();
    }
}
