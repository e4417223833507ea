package io.registry.server.wire;

import static io.registry.server.wire.WireAssert.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.Await;
import io.registry.server.testkit.Message;
import io.registry.server.testkit.RegistryProcess;
import io.registry.server.testkit.SdkConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The limits that the transports keep, before a request is one: connections, calls of a connection, headers, bodies. */
class TransportLimitsIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int HTTP_CONNECTIONS_MAX = 12;
    private static final int NOT_ANSWERED_MILLIS = 1_500;

    private static RegistryProcess server;

    private final List<Socket> sockets = new ArrayList<>();

    @BeforeAll
    static void start() {
        server = RegistryProcess.start(
                "--registry.limits.http-connections=" + HTTP_CONNECTIONS_MAX,
                "--registry.limits.http-body=40MB",
                "--registry.limits.calls-per-connection=3",
                "--registry.limits.grpc-header=1KB");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void end() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Test
    void anHttpConnectionTooManyWaitsUntilAnotherEnds() throws IOException {
        Socket last = connect();
        while (isAnswered(last) && sockets.size() <= HTTP_CONNECTIONS_MAX) {
            last = connect();
        }

        // Connections of the test's own clients, which they keep for a while, count too.
        assertThat(sockets).hasSizeBetween(HTTP_CONNECTIONS_MAX / 2, HTTP_CONNECTIONS_MAX + 1);
        Socket waiting = last;
        sockets.get(0).close();
        Await.until("the waiting one is answered", SOON, () -> answers(waiting));
    }

    @Test
    void aCallTooManyIsRefusedAndTheOthersGoOn() {
        try (UnendedCalls client = UnendedCalls.open(server.port())) {
            int first = client.begin();
            client.begin();
            int third = client.begin();
            int fourth = client.begin();

            Await.until("the fourth is refused", SOON, () -> client.ended(fourth));
            assertThat(client.closed()).isFalse();
            assertThat(client.ended(first)).isFalse();
            assertThat(client.ended(third)).isFalse();
        }
    }

    @Test
    void aClientThatFollowsTheLimitHasAllItsCallsAnswered() throws Exception {
        try (SdkConnection client = SdkConnection.register(server.port())) {
            List<CompletableFuture<Message>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                answers.add(client.requestAsync("HealthCheckRequest", "{}"));
            }

            for (CompletableFuture<Message> answer : answers) {
                ok("HealthCheckResponse", answer.get(SOON.toSeconds(), TimeUnit.SECONDS));
            }
        }
    }

    @Test
    void headersTooLongEndTheirCall() {
        try (UnendedCalls client = UnendedCalls.open(server.port());
                SdkConnection other = SdkConnection.register(server.port())) {
            int accepted = client.begin("note", "x".repeat(500));
            int refused = client.begin("note", "x".repeat(1_000));

            Await.until("the call is refused", SOON, () -> client.ended(refused));
            assertThat(client.closed()).isFalse();
            assertThat(client.ended(accepted)).isFalse();
            ok("HealthCheckResponse", other.healthCheck());
        }
    }

    @Test
    void aLongBodyIsTakenWholeWhereTheLimitAllowsIt() {
        Http http = new Http(server);
        String form = "serviceName=long-body&ip=10.0.0.1&port=1&unknown=" + "x".repeat(36 * 1024 * 1024);

        assertThat(http.post("/v1/ns/instance", form).body()).isEqualTo("ok");
        assertThat(http.post("/v1/ns/instance", form + "x".repeat(4 * 1024 * 1024))
                        .body())
                .isEqualTo("body too large (expected: at most 41943040 bytes)");
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        sockets.add(socket);
        socket.setSoTimeout(NOT_ANSWERED_MILLIS);
        socket.getOutputStream()
                .write("GET /nacos/v1/console/health/liveness HTTP/1.1\r\nHost: here\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static boolean answers(Socket socket) {
        try {
            return isAnswered(socket);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isAnswered(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() == 'H';
        } catch (SocketTimeoutException e) {
            return false;
        }
    }
}
