package io.registry.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.server.core.persistent.Namespace;
import io.registry.server.core.persistent.PersistentChange;
import io.registry.server.core.persistent.PersistentCommand;
import io.registry.server.core.persistent.PersistentState;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RaftLogTest {

    @TempDir
    private Path directory;

    @Test
    void whatIsAnsweredIsVisible() {
        try (LogFixture log = LogFixture.open(directory)) {
            log.propose(LogFixture.put(80));

            PersistentState.Service service = log.state().service(LogFixture.SERVICE);
            assertThat(service.instances()).containsOnlyKeys("10.0.0.1:80");
            assertThat(log.changes).containsExactly(new PersistentChange(LogFixture.SERVICE, service, "10.0.0.1:80"));
        }
    }

    @Test
    void whatWasAnsweredIsThereWhenTheLogIsOpenedAgain() throws InterruptedException {
        PersistentState before;
        try (LogFixture log = LogFixture.open(directory)) {
            log.register(1, 300);
            log.propose(new PersistentCommand.PutNamespace(new Namespace("dev", "Development", "")));
            before = log.state();
        }

        try (LogFixture again = LogFixture.open(directory)) {
            assertThat(again.state()).isEqualTo(before);
            assertThat(again.changes)
                    .as("told once for each service, however many entries there are")
                    .containsExactly(
                            new PersistentChange(LogFixture.SERVICE, before.service(LogFixture.SERVICE), null, true));
        }
    }

    @Test
    void theLogStaysShortAndASnapshotHoldsTheRest() throws InterruptedException {
        RaftConfig config = new RaftConfig(directory, "test", LogFixture.NODE, 0, 200, null);
        PersistentState before;
        for (int round = 0; round < 3; round++) {
            try (LogFixture log = LogFixture.open(config)) {
                log.register(1_000 * round, 1_000);
            }
        }
        try (LogFixture log = LogFixture.open(config)) {
            before = log.state();
        }

        assertThat(before.service(LogFixture.SERVICE).instances()).hasSize(3_000);
        assertThat(LogFixture.files(directory, "snapshot"))
                .as("two, and their sums")
                .hasSizeBetween(2, 4);
        assertThat(LogFixture.files(directory, "log_")).hasSizeLessThan(4);
        try (LogFixture again = LogFixture.open(config)) {
            assertThat(again.state()).isEqualTo(before);
        }
    }

    @Test
    void aDamagedSnapshotStopsTheStartAndIsNamed() throws InterruptedException, IOException {
        RaftConfig config = new RaftConfig(directory, "test", LogFixture.NODE, 0, 100, null);
        try (LogFixture log = LogFixture.open(config)) {
            log.register(1, 500);
        }
        Path newest = LogFixture.files(directory, "snapshot").stream()
                .filter(file -> !file.toString().endsWith(".md5"))
                .max((one, other) -> Long.compare(index(one), index(other)))
                .orElseThrow();
        byte[] bytes = Files.readAllBytes(newest);
        bytes[bytes.length / 2] ^= 1;
        Files.write(newest, bytes);

        assertThatThrownBy(() -> LogFixture.open(config))
                .hasRootCauseInstanceOf(UnusableLogException.class)
                .hasMessageContaining("the snapshot cannot be read: " + newest);
    }

    private static long index(Path snapshot) {
        return Long.parseLong(snapshot.getFileName().toString().replaceAll(".*_", ""));
    }

    @Test
    void anEntryThatIsNotKnownStopsTheMemberAndIsNotPassedOver() throws IOException {
        try (LogFixture log = LogFixture.open(directory)) {
            log.propose(LogFixture.put(80));
            log.submitRaw(new byte[] {0x08, 0x02});
            Await.until("told", Duration.ofSeconds(20), () -> !log.unusable.isEmpty());
            assertThat(log.unusable.get(0))
                    .matches(
                            "entry \\d+ of the log is not understood: version of an entry: 2 \\(expected: 1..1; a newer"
                                    + " server has written it\\); start a server of the version that has written it");
        }

        assertThatThrownBy(() -> LogFixture.open(directory))
                .hasRootCauseInstanceOf(UnusableLogException.class)
                .hasMessageContaining("version of an entry: 2");
    }

    @Test
    void aChangeThatIsTooLongIsRefused() {
        try (LogFixture log = LogFixture.open(directory)) {
            Namespace namespace = new Namespace("dev", "x".repeat(1 << 20), "");

            assertThatThrownBy(() -> log.propose(new PersistentCommand.PutNamespace(namespace)))
                    .isInstanceOfSatisfying(
                            RegistryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVER_LIMIT));

            log.propose(LogFixture.put(80));
        }
    }

    @Test
    void aDiskWithoutRoomRefusesWritesUntilThereIsRoom() throws IOException, InterruptedException {
        try (SmallDisk disk = SmallDisk.of(directory.resolve("disk"), 40 << 20)) {
            RaftConfig config =
                    new RaftConfig(disk.path().resolve("raft"), "test", LogFixture.NODE, 8 << 20, 20_000, null);
            try (LogFixture log = LogFixture.open(config)) {
                log.register(1, 100);
                Path ballast = disk.fill();

                assertThatThrownBy(() -> log.propose(LogFixture.put(200)))
                        .isInstanceOfSatisfying(RegistryException.class, e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.STORAGE);
                            assertThat(e.getMessage()).contains("bytes left (expected: at least 8388608;");
                        });
                assertThat(log.state().service(LogFixture.SERVICE).instances()).hasSize(100);

                Files.delete(ballast);
                log.propose(LogFixture.put(200));
            }
            try (LogFixture again = LogFixture.open(config)) {
                assertThat(again.state().service(LogFixture.SERVICE).instances())
                        .hasSize(101)
                        .containsKey("10.0.0.1:200");
            }
        }
    }

    /** Without the reserve the log itself meets the full disk: its life ends, and another begins when there is room. */
    @Test
    void aLogThatMeetsAFullDiskIsOpenedAgain() throws IOException, InterruptedException {
        try (SmallDisk disk = SmallDisk.of(directory.resolve("disk"), 24 << 20)) {
            RaftConfig config = new RaftConfig(disk.path().resolve("raft"), "test", LogFixture.NODE, 0, 20_000, null);
            int answered = 0;
            try (LogFixture log = LogFixture.open(config)) {
                log.register(1, 100);
                Path ballast = disk.fill();
                while (answered < 10_000
                        && refusal(log, LogFixture.put(1_000 + answered)).isEmpty()) {
                    answered++;
                }
                assertThat(refusal(log, LogFixture.put(200))).contains(ErrorCode.STORAGE);
                assertThat(log.state().service(LogFixture.SERVICE).instances()).hasSize(100 + answered);

                Files.delete(ballast);
                Await.until(
                        "written again",
                        Duration.ofSeconds(60),
                        () -> refusal(log, LogFixture.put(999)).isEmpty());
                assertThat(log.state().service(LogFixture.SERVICE).instances())
                        .hasSizeGreaterThanOrEqualTo(101 + answered)
                        .containsKey("10.0.0.1:999");
                assertThat(log.unusable).isEmpty();
            }
            try (LogFixture again = LogFixture.open(config)) {
                var instances = again.state().service(LogFixture.SERVICE).instances();
                for (int i = 0; i < answered; i++) {
                    assertThat(instances).containsKey("10.0.0.1:" + (1_000 + i));
                }
                assertThat(instances).containsKey("10.0.0.1:999");
            }
        }
    }

    private static Optional<ErrorCode> refusal(LogFixture log, PersistentCommand command) {
        try {
            log.propose(command);
            return Optional.empty();
        } catch (RegistryException e) {
            return Optional.of(e.code());
        } catch (CompletionException e) {
            if (e.getCause() instanceof RegistryException refusal) {
                return Optional.of(refusal.code());
            }
            throw e;
        }
    }
}
