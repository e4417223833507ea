package io.registry.server.wire;

import static io.registry.server.wire.WireAssert.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.Envelope;
import io.registry.server.testkit.Message;
import io.registry.server.testkit.RegistryProcess;
import io.registry.server.testkit.SdkConnection;
import io.registry.server.testkit.Unique;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Messages that are begun and not completed take no more memory than is set, of one connection and of all, and the others
 * are served meanwhile. The server has less memory than the messages of each test would take together.
 */
class UnfinishedMessagesIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int MB = 1024 * 1024;
    private static final int LONG = 9 * MB;
    private static final long CONNECTION_BYTES_MAX = 32L * MB;
    private static final long ALL_BYTES_MAX = 64L * MB;

    private static RegistryProcess server;
    private static Http http;

    private final List<UnendedCalls> transports = new ArrayList<>();
    private Naming other;

    @BeforeAll
    static void start() {
        server = RegistryProcess.startWithHeap(160);
        http = new Http(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void anotherIsConnected() {
        other = Naming.on(server.port());
    }

    @AfterEach
    void nothingIsKept() {
        othersAreServed();
        other.close();
        transports.forEach(UnendedCalls::close);
        Await.until("nothing unfinished is kept: " + kept(), SOON, () -> kept() == 0);
        assertThat(server.log()).doesNotContain("Exception").doesNotContain("Error");
    }

    @Test
    void aCallThatTakesItsConnectionOverTheBoundEnds() {
        UnendedCalls client = transport();
        List<Integer> calls = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            calls.add(client.begin(LONG, LONG - 1));
            assertThat(kept()).isLessThanOrEqualTo(CONNECTION_BYTES_MAX);
        }

        Await.until("the last has ended", SOON, () -> client.ended(calls.get(39)));
        assertThat(calls).filteredOn(client::ended).isEqualTo(calls.subList(3, 40));
        assertThat(client.closed()).isFalse();
        assertThat(kept()).isGreaterThanOrEqualTo(3L * (LONG - 1));
    }

    @Test
    void piecesOfAByteCountForMoreThanTheyHold() {
        UnendedCalls client = transport();
        int call = client.begin(LONG, 1, 200_000);

        Await.until("the call has ended", SOON, () -> client.ended(call));
    }

    @Test
    void aMessageThatIsCompleteInACallThatIsNotCountsToo() {
        try (SdkConnection client = SdkConnection.register(server.port())) {
            List<CompletableFuture<Message>> calls = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                calls.add(client.requestUnended(envelope(LONG)));
            }

            CompletableFuture<Object> first = CompletableFuture.anyOf(calls.toArray(CompletableFuture[]::new));
            assertThatThrownBy(() -> first.get(SOON.toMillis(), TimeUnit.MILLISECONDS))
                    .cause()
                    .isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
                        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                        assertThat(e.getStatus().getDescription())
                                .matches("unfinished messages of this connection: \\d+ bytes \\(expected: at most "
                                        + CONNECTION_BYTES_MAX + "\\)");
                    });
            Await.until("three are complete and kept", SOON, () -> kept() >= 3L * LONG);
            assertThat(calls).filteredOn(CompletableFuture::isDone).hasSize(1);
            ok("HealthCheckResponse", client.healthCheck());
        }
    }

    @Test
    void theConnectionThatHoldsMostIsClosedWhereAllTogetherAreTooMuch() {
        try (SdkConnection most = SdkConnection.register(server.port())) {
            List<CompletableFuture<Message>> calls = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                calls.add(most.requestUnended(envelope(LONG)));
            }
            Await.until("most is kept", SOON, () -> kept() >= 3L * LONG);
            UnendedCalls second = transport();
            UnendedCalls third = transport();
            for (int i = 0; i < 3; i++) {
                second.begin(LONG, 7 * MB);
                third.begin(LONG, 7 * MB);
            }

            Status end = most.awaitEnd(SOON);
            // Each is told by itself, and the one that is awaited need not be the last.
            Await.until(
                    "its calls have ended",
                    SOON,
                    () -> calls.stream().allMatch(CompletableFuture::isCompletedExceptionally));
            assertThat(end.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(end.getDescription())
                    .matches("unfinished messages of all connections: \\d+ bytes \\(expected: at most " + ALL_BYTES_MAX
                            + "\\), most of them of this one: \\d+");
            Await.until("the rest is kept", SOON, () -> kept() >= 6L * 7 * MB && kept() < 45L * MB);
            assertThat(second.closed()).isFalse();
            assertThat(third.closed()).isFalse();
        }
    }

    private UnendedCalls transport() {
        UnendedCalls transport = UnendedCalls.open(server.port());
        transports.add(transport);
        return transport;
    }

    private void othersAreServed() {
        String service = Unique.name("svc");
        ok("InstanceResponse", other.register(service, "10.0.0.1", 1));
        assertThat(other.query(service).addresses()).containsExactly("10.0.0.1:1");
        assertThat(other.connection().ended()).isFalse();
    }

    private static long kept() {
        return http.send("GET", "/actuator/prometheus")
                .lines()
                .filter(line -> line.startsWith("registry_grpc_unfinished_bytes "))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }

    /** A message of about a length; the type does not matter, for it is never looked at. */
    private static byte[] envelope(int bytes) {
        return Envelope.of("HealthCheckRequest", Map.of(), SdkConnection.CLIENT_IP, "x".repeat(bytes))
                .encoded();
    }
}
