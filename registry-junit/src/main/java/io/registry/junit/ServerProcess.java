package io.registry.junit;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The server's process, on other ports at each start: clients know those of the proxy, and so a port that somebody else
 * was quicker to take is no more than another attempt.
 *
 * <p>Threading: the registry's lock is held where something starts or ends; {@link #kill} and what is asked, from any
 * thread.
 */
final class ServerProcess {

    private static final Duration START_MAX = Duration.ofMinutes(2);
    private static final Duration STOP_MAX = Duration.ofSeconds(30);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final int ATTEMPTS_MAX = 5;

    /** What the registry itself says where it starts the server. */
    private static final List<String> OWN_SETTINGS = List.of(
            "--server.port=",
            "--server.address=",
            "--registry.data-dir=",
            "--registry.grpc.sdk-port=",
            "--registry.rehearsal=");

    /** What is meant for the application under test, whose registry is nobody's business. */
    private static final List<String> FOREIGN_VARIABLES = List.of(
            "SPRING_",
            "SERVER_",
            "MANAGEMENT_",
            "LOGGING_",
            "REGISTRY_",
            "JAVA_TOOL_OPTIONS",
            "JDK_JAVA_OPTIONS",
            "_JAVA_OPTIONS");

    private record Launched(Process process, int port, OutputTail output) {}

    private final WorkDirectory directory;
    private final List<String> settings;
    private volatile @Nullable Launched last;

    ServerProcess(WorkDirectory directory, List<String> settings) {
        this.directory = directory;
        this.settings = settings;
    }

    /**
     * Checks what the server is to be given on its command line.
     *
     * @throws IllegalArgumentException where one is not a setting, or one that is not the caller's
     */
    static List<String> check(List<String> settings) {
        for (String setting : settings) {
            if (!setting.matches("--[^=]+=.*") || OWN_SETTINGS.stream().anyMatch(setting::startsWith)) {
                throw new IllegalArgumentException("setting: " + setting + " (expected: --name=value, and none of "
                        + String.join(", ", OWN_SETTINGS) + ")");
            }
        }
        return List.copyOf(settings);
    }

    /**
     * Starts it and returns when clients may come.
     *
     * @throws IllegalStateException where it runs or does not start; nothing of it runs then
     */
    void start() {
        if (isAlive()) {
            throw new IllegalStateException("registry: runs as process " + pid() + " (expected: stopped)");
        }
        for (int attempt = 1; ; attempt++) {
            Launched launched = launch(PortPair.free());
            last = launched;
            String failure = awaitReady(launched);
            if (failure == null) {
                return;
            }
            kill();
            String output = launched.output().text();
            if (attempt == ATTEMPTS_MAX || !output.contains("in use")) {
                throw new IllegalStateException("registry: " + failure + "; it has printed:\n" + output);
            }
        }
    }

    /** Returns the HTTP port of the last start; the gRPC port is this plus {@link PortPair#GRPC_OFFSET}. */
    int port() {
        return launched().port();
    }

    long pid() {
        return launched().process().pid();
    }

    boolean isAlive() {
        Launched now = last;
        return now != null && now.process().isAlive();
    }

    String log() {
        return launched().output().text();
    }

    /** Has it stop in order, and returns when it has. */
    void stop() {
        Process process = alive();
        try (OutputStream input = process.getOutputStream()) {
            input.write(AttendedServer.STOP);
        } catch (IOException e) {
            // It has ended by itself, and that is what was wanted.
        }
        if (!ended(process)) {
            kill();
            throw new IllegalStateException("registry: did not stop within " + STOP_MAX.toSeconds()
                    + " s, and was killed; it has printed:\n" + log());
        }
    }

    /** Ends it at once, as {@link #kill}; fails where it does not run. */
    void crash() {
        alive();
        kill();
    }

    /** Ends it at once, and returns when it has; no effect where it does not run. */
    void kill() {
        Launched now = last;
        if (now != null) {
            now.process().destroyForcibly();
            if (!ended(now.process())) {
                throw new IllegalStateException("registry: process " + pid() + " cannot be killed");
            }
        }
    }

    private Process alive() {
        if (!isAlive()) {
            throw new IllegalStateException("registry: does not run (expected: started); it has printed:\n" + log());
        }
        return launched().process();
    }

    private Launched launched() {
        Launched now = last;
        if (now == null) {
            throw new IllegalStateException("registry: never started");
        }
        return now;
    }

    private static boolean ended(Process process) {
        try {
            return process.waitFor(STOP_MAX.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("registry: interrupted while its process ends", e);
        }
    }

    private Launched launch(int port) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                // A test starts it more often than it keeps it busy.
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                ownClasses() + File.pathSeparator + ServerJar.in(directory),
                AttendedServer.class.getName(),
                "--server.port=" + port,
                "--server.address=127.0.0.1",
                "--registry.grpc.sdk-port=" + (port + PortPair.GRPC_OFFSET),
                "--registry.data-dir=" + directory.data()));
        command.addAll(settings);
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.path().toFile())
                    .redirectErrorStream(true);
            builder.environment()
                    .keySet()
                    .removeIf(name -> FOREIGN_VARIABLES.stream().anyMatch(name::startsWith));
            Process process = builder.start();
            return new Launched(process, port, OutputTail.of(process));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path ownClasses() {
        try {
            return Path.of(AttendedServer.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("registry-junit: its jar has no path", e);
        }
    }

    /** Returns null when clients may come, and otherwise why they never will. */
    private static @Nullable String awaitReady(Launched launched) {
        long deadline = System.nanoTime() + START_MAX.toNanos();
        try {
            while (!launched.process().waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                if (saysReady(launched.port())) {
                    return null;
                }
                if (System.nanoTime() - deadline > 0) {
                    return "not ready within " + START_MAX.toSeconds() + " s";
                }
            }
            launched.output().awaitEnd();
            return "ended with status " + launched.process().exitValue() + " before it was ready";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted while it started";
        }
    }

    private static boolean saysReady(int port) {
        URI readiness = URI.create("http://127.0.0.1:" + port + "/nacos/actuator/health/readiness");
        try {
            HttpURLConnection question = (HttpURLConnection) readiness.toURL().openConnection(Proxy.NO_PROXY);
            question.setConnectTimeout((int) ANSWER_MAX.toMillis());
            question.setReadTimeout((int) ANSWER_MAX.toMillis());
            question.setRequestProperty("Connection", "close");
            return question.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException e) {
            return false;
        }
    }
}
