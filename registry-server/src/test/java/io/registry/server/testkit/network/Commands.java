package io.registry.server.testkit.network;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;

/** Runs commands of the system that take no time. */
final class Commands {

    private Commands() {}

    /** Runs a command that has to succeed. */
    static void run(String... command) {
        String refusal = refusal(command);
        if (!refusal.isEmpty()) {
            throw new IllegalStateException(refusal);
        }
    }

    /** Runs a command, and returns what it said where it failed; empty where it did not. */
    static String refusal(String... command) {
        Ended ended = end(command);
        return ended.status == 0 ? "" : String.join(" ", command) + ": " + ended.status + " " + ended.output.strip();
    }

    /** Runs a command and returns what it printed; nothing where it failed. */
    static List<String> lines(String... command) {
        Ended ended = end(command);
        return ended.status == 0 ? ended.output.lines().toList() : List.of();
    }

    private static Ended end(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            return new Ended(process.waitFor(), output);
        } catch (IOException e) {
            return new Ended(-1, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private record Ended(int status, String output) {}
}
