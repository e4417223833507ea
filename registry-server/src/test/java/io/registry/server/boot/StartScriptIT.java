package io.registry.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.RegistryProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/registry} as the build leaves it beside the jar. */
class StartScriptIT {

    private static final Path BUILT = Path.of("target");

    @TempDir
    private Path directory;

    @Test
    void itMakesItsArchiveOnceAndStartsFromItAndStartsWithoutWhereItIsBroken() throws IOException {
        Path script = Files.createDirectory(directory.resolve("bin")).resolve("registry");
        Files.copy(BUILT.resolve("registry-server.jar"), directory.resolve("registry-server.jar"));
        Files.copy(BUILT.resolve("bin/registry"), script);

        List<String> starter = List.of("sh", script.toString());
        try (RegistryProcess server = RegistryProcess.startBy(starter)) {
            Path archive = archive();
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

    private Path archive() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("bin"))) {
            return files.filter(file -> file.endsWith("classes.aot")).findAny().orElseThrow();
        }
    }

    private static String commandOf(RegistryProcess server) throws IOException {
        return Files.readString(Path.of("/proc/" + server.pid() + "/cmdline"), StandardCharsets.ISO_8859_1);
    }
}
