package io.registry.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A process whose output is kept, ended with the test. */
final class Child implements AutoCloseable {

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Process process;
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Thread reader;

    private Child(Process process) {
        this.process = process;
        this.reader = new Thread(this::read, "output of " + process.pid());
    }

    /** Starts a command; its first word {@code java} is the one that runs the tests. */
    static Child start(Path directory, List<String> command) {
        List<String> words = new ArrayList<>(command);
        if (words.get(0).equals("java")) {
            words.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
            // They end before the second compiler is of any use.
            words.add(1, "-XX:TieredStopAtLevel=1");
        }
        try {
            Child child = new Child(new ProcessBuilder(words)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start());
            child.reader.start();
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns what it has printed so far, errors included. */
    String output() {
        return String.join("\n", lines);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until it has printed a text; fails where it ends without. */
    void awaitOutput(String text) {
        await("\"" + text + "\"", () -> {
            boolean alive = isAlive() || reader.isAlive();
            if (output().contains(text)) {
                return true;
            }
            assertThat(alive).as("ended without \"%s\":%n%s", text, output()).isTrue();
            return false;
        });
    }

    private void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline)
                    .as("time over for %s:%n%s", what, output())
                    .isNegative();
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** Asks it to stop, as Ctrl-C does. */
    void stop() {
        // By its handle, for Process.destroy() would close its output as well.
        process.toHandle().destroy();
    }

    /** Waits until it has ended; returns its exit status. */
    int awaitEnd() {
        await("its end", () -> !process.isAlive() && !reader.isAlive());
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void read() {
        try (BufferedReader reading = process.inputReader()) {
            for (String line = reading.readLine(); line != null; line = reading.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add("(the rest cannot be read: " + e + ")");
        }
    }
}
