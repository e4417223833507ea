package io.registry.spring;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The server, started from the jar that the build made, on free loopback ports. */
final class ServerProcess implements AutoCloseable {

    private static final Duration START_MAX = Duration.ofSeconds(90);

    private final Process process;
    private final int port;

    private ServerProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts a server and waits until it is ready. */
    static ServerProcess start(Path directory) throws IOException {
        Path jar = Path.of("..", "registry-server", "target", "registry-server.jar")
                .toAbsolutePath()
                .normalize();
        if (!Files.exists(jar)) {
            throw new IllegalStateException("no server jar: " + jar);
        }
        int port = freePort();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-jar",
                        jar.toString(),
                        "--server.port=" + port,
                        "--registry.data-dir=" + directory.resolve("data"))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("server.log").toFile())
                .start();
        ServerProcess server = new ServerProcess(process, port);
        await("a server that is ready", START_MAX, () -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("the server has ended, see " + directory.resolve("server.log"));
            }
            return get("http://" + server.address() + "/nacos/actuator/health/readiness")
                    .startsWith("200 ");
        });
        return server;
    }

    /** Returns {@code host:port}. */
    String address() {
        return "127.0.0.1:" + port;
    }

    /** Returns status and body of an answer; the failure where there is none. */
    static String get(String url) {
        try {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() + " " + answer.body();
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Waits for something that has to come true. */
    static void await(String what, Duration max, BooleanSupplier condition) {
        long deadline = System.nanoTime() + max.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + max + ": " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Returns a port that is free, as are those above it; below those that systems hand out. */
    private static int freePort() {
        int start = 13_000 + (int) (ProcessHandle.current().pid() * 37 % 10_000);
        for (int port = start; port < 31_000; port += 3) {
            if (isFree(port) && isFree(port + 1000) && isFree(port + 1001)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port from " + start + " to 31000");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
