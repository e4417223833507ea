package io.registry.server.compat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a package manager that fetches what other people wrote. */
final class Installer {

    private Installer() {}

    /**
     * Runs the command to its end.
     *
     * @param directory where it runs; what it prints is kept there in {@code install.log}
     * @throws IllegalStateException if it fails or takes too long, with what it printed
     */
    static void run(Path directory, List<String> command) throws IOException {
        Path log = directory.resolve("install.log");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!process.waitFor(5, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IllegalStateException(
                        "not installed within 5 min: " + directory + "\n" + Files.readString(log, UTF_8));
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        if (process.exitValue() != 0) {
            throw new IllegalStateException("not installed: " + directory + "\n" + Files.readString(log, UTF_8));
        }
    }
}
