package io.registry.example;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The server, started from the jar that the build made, on free loopback ports. */
final class ServerProcess implements AutoCloseable {

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path data;
    private final int port;
    private @Nullable Child child;

    private ServerProcess(Path data, int port) {
        this.data = data;
        this.port = port;
    }

    /** Starts a server and waits until it is ready. */
    static ServerProcess start(Path data) {
        ServerProcess server = new ServerProcess(data, freePort());
        server.restart();
        return server;
    }

    /** Starts it again, on the same ports and data, and waits until it is ready. */
    void restart() {
        close();
        Child started = Child.start(
                Repository.root(),
                List.of(
                        "java",
                        "-Xmx256m",
                        "-jar",
                        "registry-server/target/registry-server.jar",
                        "--server.port=" + port,
                        "--registry.data-dir=" + data));
        child = started;
        started.await("a server that is ready", () -> {
            if (!started.isAlive()) {
                throw new IllegalStateException("the server has ended:\n" + started.output());
            }
            return get("/nacos/actuator/health/readiness").startsWith("200 ");
        });
    }

    /** Asks it to stop, and waits until it has. */
    void stop() {
        if (child != null) {
            child.stop();
            child.awaitEnd();
        }
    }

    /** Returns {@code host:port}. */
    String address() {
        return "127.0.0.1:" + port;
    }

    /** Returns status and body of an answer; the failure where there is none. */
    String get(String path) {
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create("http://" + address() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() + " " + answer.body();
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (child != null) {
            child.close();
            child.awaitEnd();
        }
    }

    /** Returns a port that is free, as is the one for gRPC above it; below those that systems hand out. */
    private static int freePort() {
        int start = 13_000 + (int) (ProcessHandle.current().pid() * 41 % 10_000);
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
