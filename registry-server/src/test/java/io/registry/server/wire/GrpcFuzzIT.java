package io.registry.server.wire;

import static io.registry.server.wire.WireAssert.isEndOfTransport;
import static io.registry.server.wire.WireAssert.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.Message;
import io.registry.server.testkit.RegistryProcess;
import io.registry.server.testkit.SdkConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random and broken messages on both calls. Whatever comes, the server goes on to serve others, answers with a code of
 * the protocol or of the transport, writes no stack trace, and keeps nothing once the senders are gone.
 * {@code -Dregistry.test.seed=N} runs one seed alone.
 */
class GrpcFuzzIT {

    private static final int MESSAGE_BYTES_MAX = 10 * 1024 * 1024;

    /** 500 is not among them: nothing a client sends is an internal fault. */
    private static final Set<Integer> CODES = Set.of(0, 301, 302, 400, 502, 503, 50310, 50311);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void nothingBreaks(long seed) {
        fuzz(Long.getLong("registry.test.seed", seed), 1_500);
    }

    @Test
    @Tag("long")
    void nothingBreaksInLongRuns() {
        for (long seed = 100; seed < 120; seed++) {
            fuzz(seed, 10_000);
        }
    }

    @Test
    void aMessageBeyondTheBoundEndsTheCallOnly() {
        try (RegistryProcess server = RegistryProcess.start();
                Naming client = Naming.on(server.port())) {
            byte[] huge = new byte[MESSAGE_BYTES_MAX + 1_000_000];
            Status.Code code = null;
            try {
                client.connection().request(huge);
            } catch (StatusRuntimeException e) {
                code = e.getStatus().getCode();
            }

            assertThat(code).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            ok("HealthCheckResponse", client.connection().healthCheck());
            noTraces(server);
        }
    }

    private static void fuzz(long seed, int messages) {
        try (RegistryProcess server = RegistryProcess.start("--registry.empty-service.expire-after=1s")) {
            Random random = new Random(seed);
            GrpcMutations mutations = new GrpcMutations(random);
            List<SdkConnection> connections = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                connections.add(SdkConnection.register(server.port()));
            }
            for (int i = 0; i < messages; i++) {
                int which = random.nextInt(connections.size());
                byte[] payload = mutations.next();
                if (!survives(connections.get(which), payload, random.nextInt(8) == 0)) {
                    connections.get(which).close();
                    connections.set(which, SdkConnection.register(server.port()));
                }
            }
            try (SdkConnection other = SdkConnection.register(server.port())) {
                ok("HealthCheckResponse", other.healthCheck());
            }
            connections.forEach(SdkConnection::close);
            nothingLeft(server);
            noTraces(server);
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    /** Sends a message, unary or on the stream; tells whether the connection can still be used. */
    private static boolean survives(SdkConnection connection, byte[] payload, boolean onStream) {
        try {
            if (onStream) {
                connection.send(payload);
            } else {
                Message answer = connection.request(payload);
                assertThat(CODES).as(answer.toString()).contains(answer.errorCode());
            }
            return !connection.ended();
        } catch (StatusRuntimeException e) {
            if (!isEndOfTransport(e.getStatus())) {
                assertThat(e.getStatus().getCode())
                        .isIn(
                                Status.Code.INVALID_ARGUMENT,
                                Status.Code.INTERNAL,
                                Status.Code.CANCELLED,
                                Status.Code.RESOURCE_EXHAUSTED);
            }
            return !connection.ended();
        } catch (IllegalStateException e) {
            // The stream has ended under the sender's hands.
            return false;
        }
    }

    private static void nothingLeft(RegistryProcess server) {
        Http http = new Http(server);
        for (String figure : List.of("connections", "instances", "subscribers", "services")) {
            Await.until(
                    "no " + figure + " left:\n" + metrics(http),
                    Duration.ofSeconds(60),
                    () -> metrics(http)
                            .lines()
                            .anyMatch(line -> line.matches("registry_" + figure + "(\\{.*})? 0(\\.0)?")));
        }
    }

    private static String metrics(Http http) {
        return String.join(
                "\n",
                http.send("GET", "/actuator/prometheus")
                        .lines()
                        .filter(line -> line.startsWith("registry_"))
                        .toList());
    }

    private static void noTraces(RegistryProcess server) {
        assertThat(server.log().lines().filter(line -> line.startsWith("\tat ") || line.contains("Exception")))
                .isEmpty();
    }
}
