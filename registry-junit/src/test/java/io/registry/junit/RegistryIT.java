package io.registry.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a registry takes and gives back. */
class RegistryIT {

    @Test
    void manyStartAtOnce() {
        List<CompletableFuture<Registry>> starts = Stream.generate(
                        () -> CompletableFuture.supplyAsync(() -> Registry.started(), each -> new Thread(each).start()))
                .limit(3)
                .toList();
        List<Registry> registries = starts.stream().map(CompletableFuture::join).toList();

        assertThat(registries).allMatch(Registry::isRunning);
        assertThat(registries.stream().map(Registry::port)).doesNotHaveDuplicates();

        registries.forEach(Registry::close);
    }

    @Test
    void nothingIsLeft() throws IOException {
        Registry registry = Registry.started();
        long process = registry.pid();
        int port = registry.port();
        Path directory = directory(registry);
        assertThat(directory.resolve("data")).isNotEmptyDirectory();

        registry.close();

        assertThat(ProcessHandle.of(process)).isEmpty();
        assertThat(directory).doesNotExist();
        for (int each : List.of(port, port + 1000)) {
            new ServerSocket(each, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1})).close();
        }
        Await.until("no thread of " + threads(), () -> threads().isEmpty());
        assertThat(registry.isRunning()).isFalse();
        assertThatThrownBy(registry::port)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not started");
    }

    @Test
    void whatItKeepsSurvivesAndGoesWithIt() throws IOException {
        try (Registry registry = Registry.started()) {
            Path data = directory(registry).resolve("data");
            List<String> before = names(data);

            registry.kill();
            registry.start();

            assertThat(names(data)).containsAll(before);
        }
    }

    @Test
    void aStartThatFailsSaysWhy() {
        assertThatThrownBy(() -> Registry.started("--registry.limits.batch=many"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ended with status 1")
                .hasMessageContaining("registry.limits.batch")
                .hasMessageContaining("many");
    }

    @Test
    void settingsThatAreNotTheCallersAreRefused() {
        for (String setting : List.of("--server.port=8848", "registry.limits.batch=10", "-Xmx1g")) {
            assertThatThrownBy(() -> Registry.started(setting))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(setting)
                    .hasMessageContaining("--name=value");
        }
    }

    /** A build that is aborted gives nobody the time to end anything. */
    @Test
    void theServerEndsWithTheProcessThatIsKilled() throws IOException {
        Process tests = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        StartAndWait.class.getName())
                .redirectErrorStream(true)
                .start();
        ProcessHandle server;
        Path directory;
        try {
            String line = tests.inputReader().readLine();
            assertThat(line).matches("\\d+ .+");
            String[] printed = line.split(" ", 2);
            server = ProcessHandle.of(Long.parseLong(printed[0])).orElseThrow();
            directory = Objects.requireNonNull(Path.of(printed[1]).getParent());
            assertThat(directory).exists();
        } finally {
            tests.destroyForcibly();
        }

        Await.until("the end of process " + server.pid(), () -> !server.isAlive());
        assertThat(directory).doesNotExist();
    }

    private static Path directory(Registry registry) {
        String cache = registry.clientProperties().getProperty("registry.cache-directory");
        return Objects.requireNonNull(Path.of(cache).getParent());
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(each -> each.getFileName().toString()).toList();
        }
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("registry-junit"))
                .toList();
    }
}
