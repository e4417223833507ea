package io.registry.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/registry} as the build leaves it beside the jar. */
class StartScriptIT {

    private static final Path BUILT = Path.of("target");

    @TempDir
    private Path directory;

    @Test
    void itMakesItsArchiveOnceAndStartsFromItAndStartsWithoutWhereItIsBroken() throws Exception {
        Path script = Files.createDirectory(directory.resolve("bin")).resolve("registry");
        Files.copy(BUILT.resolve("registry-server.jar"), directory.resolve("registry-server.jar"));
        Files.copy(BUILT.resolve("bin/registry"), script);

        breakOffAFirstStart(script);

        List<String> starter = List.of("sh", script.toString());
        try (RegistryProcess server = RegistryProcess.startBy(starter)) {
            Path archive = archive();
            assertThat(directory.resolve("bin")).isDirectoryNotContaining("glob:**/making-*");
            assertThat(commandOf(server)).contains(archive.toString());
            Object made = Files.getLastModifiedTime(archive);
            server.stop();

            server.restart();
            assertThat(commandOf(server)).contains(archive.toString());
            assertThat(Files.getLastModifiedTime(archive)).isEqualTo(made);
            assertThat(server.log()).doesNotContain("[error]").doesNotContain("[warning]");
            server.stop();

            Files.write(archive, new byte[100], StandardOpenOption.TRUNCATE_EXISTING);
            server.restart();
        }
    }

    @Test
    void theJarStartsByItself() {
        try (RegistryProcess server = RegistryProcess.startBy(RegistryProcess.java(512))) {
            assertThat(server.log()).doesNotContain("classes.aot");
            server.stop();
        }
    }

    /** Leaves what a first start does that is killed while it makes the archive, an hour ago. */
    private void breakOffAFirstStart(Path script) throws Exception {
        Process start = new ProcessBuilder("sh", script.toString(), "--server.port=0")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("broken-off.log").toFile())
                .start();
        Await.until(
                "classes are loaded", Duration.ofMinutes(2), () -> !find("app").isEmpty());
        // Parents first: a shell that outlives its child clears up.
        List<ProcessHandle> all = Stream.concat(Stream.of(start.toHandle()), start.descendants())
                .sorted(Comparator.comparing(ProcessHandle::pid))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle each : all) {
            each.onExit().get(1, TimeUnit.MINUTES);
        }
        assertThat(find("classes.aot")).isEmpty();
        FileTime anHourAgo = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
        Files.setLastModifiedTime(find("app").get(0).getParent(), anHourAgo);
        try (DirectoryStream<Path> works = Files.newDirectoryStream(directory.resolve("bin"), "making-*")) {
            for (Path work : works) {
                Files.setLastModifiedTime(work, anHourAgo);
            }
        }
    }

    private Path archive() {
        assertThat(find("classes.aot")).hasSize(1);
        return find("classes.aot").get(0);
    }

    /** Returns the files of a name that archives are made with. */
    private List<Path> find(String name) {
        try (Stream<Path> caches = Files.list(directory.resolve("bin"))) {
            return caches.filter(each -> each.getFileName().toString().startsWith("cache-"))
                    .map(each -> each.resolve(name))
                    .filter(Files::exists)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String commandOf(RegistryProcess server) throws IOException {
        return Files.readString(Path.of("/proc/" + server.pid() + "/cmdline"), StandardCharsets.ISO_8859_1);
    }
}
