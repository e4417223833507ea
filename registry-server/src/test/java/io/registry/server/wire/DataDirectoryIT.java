package io.registry.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.RegistryProcess;
import io.registry.server.testkit.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a server does when its data directory is damaged, copied, in use or full. */
class DataDirectoryIT {

    private static final String SERVICE = "kept";

    private final RegistryProcess server = RegistryProcess.start();
    private final Http http = new Http(server);

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void aTornEndIsCutOffAndNothingIsLost() throws IOException {
        register(3);
        server.kill();
        Path open = openFile();
        byte[] whole = Files.readAllBytes(open);
        int used = used(whole);
        byte[] torn = Arrays.copyOf(whole, Math.max(whole.length, used + 4096));
        // The beginning of an entry of 100 bytes.
        System.arraycopy(new byte[] {100, 8, 1, 16, 99}, 0, torn, used, 5);
        Files.write(open, torn);

        server.restart();

        assertThat(shown()).isEqualTo(3);
        assertThat(server.log())
                .contains("the last entry of the log was not written whole, and is cut off; it was never acknowledged:"
                        + " file=" + open + " offset=" + used + " bytes=5")
                .doesNotContain("\tat ");
    }

    @Test
    void aFlippedBitStopsTheStartWithOneLine() throws IOException {
        register(3);
        server.kill();
        Path open = openFile();
        byte[] damaged = Files.readAllBytes(open);
        damaged[used(damaged) / 2] ^= 4;
        Files.write(open, damaged);

        server.launch();

        assertThat(server.awaitExit()).isEqualTo(1);
        assertThat(server.log())
                .contains("not started: the log is damaged: " + open + " at offset ")
                .doesNotContain("\tat ");
    }

    @Test
    void aCopyIsRefusedAndADirectoryThatWasMovedIsNot() throws IOException {
        register(2);
        server.stop();
        Path original = server.dataDirectory();
        Path aside = Files.move(original, original.resolveSibling("aside"));
        copy(aside, original);

        server.launch();

        assertThat(server.awaitExit()).isEqualTo(1);
        assertThat(server.log())
                .contains("not started: registry.data-dir: " + original + " is a copy (expected: ")
                .doesNotContain("\tat ");
        server.deleteData();
        Files.move(aside, original);
        server.restart();
        assertThat(shown()).isEqualTo(2);
    }

    @Test
    void aDirectoryInUseIsRefused() throws IOException {
        Process second = server.again();

        assertThat(second.onExit().join().exitValue()).isEqualTo(1);
        assertThat(server.log())
                .contains(
                        "not started: registry.data-dir: " + server.dataDirectory() + " is in use by another process");
    }

    @Test
    void aFullDiskRefusesWritesWhileAllElseGoesOn() throws IOException {
        server.stop();
        server.deleteData();
        try (SmallDisk disk = SmallDisk.of(server.dataDirectory(), 96 << 20)) {
            server.restart();
            register(2);
            Path ballast = disk.fill();

            var refused = http.exchange("POST", "/v1/ns/instance", instance(9));
            assertThat(refused.statusCode()).isEqualTo(500);
            assertThat(refused.body())
                    .startsWith("errCode: 500, errMsg: the disk of ")
                    .contains("bytes left (expected: at least 67108864; writes are taken again when there is room)");
            assertThat(shown()).isEqualTo(2);
            WireAssert.ephemeralTrafficGoesOn(server);

            Files.delete(ballast);
            register(3);
            server.kill();
            server.restart();
            assertThat(shown()).isEqualTo(3);
            server.kill();
        }
    }

    private void register(int count) {
        for (int i = 0; i < count; i++) {
            http.send("POST", "/v1/ns/instance", instance(i));
        }
    }

    private static Object[] instance(int number) {
        return new Object[] {"serviceName", SERVICE, "ip", "10.0.0." + number, "port", 80, "ephemeral", false};
    }

    private int shown() {
        String list = http.send("GET", "/v1/ns/instance/list", "serviceName", SERVICE);
        return list.split("\"instanceId\"", -1).length - 1;
    }

    private Path openFile() throws IOException {
        try (Stream<Path> files = Files.walk(server.dataDirectory())) {
            List<Path> open = files.filter(file -> file.getFileName().toString().startsWith("log_inprogress_"))
                    .toList();
            assertThat(open).hasSize(1);
            return open.get(0);
        }
    }

    private static int used(byte[] bytes) {
        int used = bytes.length;
        while (used > 0 && bytes[used - 1] == 0) {
            used--;
        }
        return used;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
