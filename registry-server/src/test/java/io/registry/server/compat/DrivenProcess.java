package io.registry.server.compat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.registry.server.compat.driver.Words;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A program of the other side in a process of its own, which does what the lines on its input say.
 *
 * <p>A line is a command and its arguments. Each is answered by one line, {@code ok} and the results or {@code failed}
 * and the reason; the first {@code ok} says that the program is there. Between answers may come lines {@code event}, a
 * name, and what happened.
 *
 * <p>Threading: for one test thread.
 */
final class DrivenProcess implements AutoCloseable {

    private static final Duration ANSWER_MAX = Duration.ofSeconds(60);
    private static final Duration START_MAX = Duration.ofMinutes(2);

    private final Process process;
    private final Path errors;
    private final BufferedWriter commands;
    private final BlockingQueue<List<String>> answers = new LinkedBlockingQueue<>();
    private final Map<String, List<List<String>>> events = new ConcurrentHashMap<>();

    private DrivenProcess(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        this.commands = new BufferedWriter(process.outputWriter(UTF_8));
    }

    /**
     * Starts the program and waits until it is there.
     *
     * @param directory where it runs; what it prints on its error output is kept there
     */
    static DrivenProcess start(Path directory, List<String> command) {
        try {
            Path errors = directory.resolve("stderr");
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectError(errors.toFile())
                    .start();
            DrivenProcess driven = new DrivenProcess(process, errors);
            Thread reader = new Thread(driven::read, "driven-" + process.pid());
            reader.setDaemon(true);
            reader.start();
            try {
                driven.awaitAnswer("start", START_MAX);
            } catch (RuntimeException | Error e) {
                driven.kill();
                throw e;
            }
            return driven;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a command and returns the results, of which there may be none. */
    List<String> call(List<String> words) {
        String line = Words.join(words);
        try {
            commands.write(line);
            commands.newLine();
            commands.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the process is gone\n" + printed(), e);
        }
        return awaitAnswer(line, ANSWER_MAX);
    }

    List<String> call(String... words) {
        return call(List.of(words));
    }

    /** Returns the events of that name so far. */
    List<List<String>> events(String name) {
        return List.copyOf(events.getOrDefault(name, List.of()));
    }

    /** Ends the process at once (SIGKILL). */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }

    private List<String> awaitAnswer(String question, Duration max) {
        try {
            List<String> answer = answers.poll(max.toMillis(), TimeUnit.MILLISECONDS);
            if (answer == null || !answer.get(0).equals("ok")) {
                throw new Failure(question + ": " + (answer == null ? "no answer" : answer) + "\n" + printed());
            }
            return answer.subList(1, answer.size());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                List<String> words = Words.split(line);
                if (words.isEmpty()) {
                    continue;
                }
                if (words.get(0).equals("event")) {
                    events.computeIfAbsent(words.get(1), name -> new CopyOnWriteArrayList<>())
                            .add(words.subList(2, words.size()));
                } else {
                    answers.add(words);
                }
            }
        } catch (IOException e) {
            // The process was killed.
        }
        answers.add(List.of("gone"));
    }

    private String printed() {
        try {
            String all = Files.readString(errors);
            return all.substring(Math.max(0, all.length() - 4000));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** The program refused or failed to do what it was told. */
    static final class Failure extends RuntimeException {

        Failure(String message) {
            super(message);
        }
    }
}
