package io.registry.server.wire;

import static io.registry.server.wire.WireAssert.ok;
import static io.registry.server.wire.WireAssert.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryProcess;
import io.registry.server.testkit.SdkConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How many connections a node takes: in total, of one address, of one application, and of those that have not said who
 * they are. What the check can know it refuses with 300, so that a client tries its next server at once; what only the
 * setup tells ends the stream, with the reason as its status, and the transport.
 */
class ConnectionLimitsIT {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String HERE = "127.0.0.1";
    private static final String THERE = "127.0.0.2";
    private static final int PENDING_MAX = 8;

    private static RegistryProcess server;
    private static Http http;

    private final List<SdkConnection> opened = new ArrayList<>();

    @BeforeAll
    static void start() {
        server = RegistryProcess.start(
                "--registry.limits.connections=5",
                "--registry.limits.connections-per-address=3",
                "--registry.limits.connections-per-application=2",
                "--registry.limits.connections-pending=" + PENDING_MAX);
        http = new Http(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void nobodyIsConnected() {
        Await.until(
                "no connection",
                SOON,
                () -> http.send("GET", "/v2/core/loader/current").equals("{}"));
    }

    @AfterEach
    void end() {
        opened.forEach(SdkConnection::close);
    }

    @Test
    void aFullNodeRefusesAtTheCheckAndAtTheSetup() {
        SdkConnection first = connected(HERE, "a");
        connected(HERE, "a");
        connected(HERE, "b");
        SdkConnection last = connected(THERE, "b");
        connected(THERE, "c");
        SdkConnection further = opened(SdkConnection.openFrom("127.0.0.3", server.port()));

        assertThat(refused("ErrorResponse", 300, further.check()).text("message"))
                .isEqualTo("connections: 5 (expected: fewer than 5)");
        further.setup(setup("d"));
        assertEnded(further, "connections: 5 (expected: fewer than 5)");
        ok("HealthCheckResponse", first.healthCheck());
        ok("ServerCheckResponse", first.check());
        assertThat(server.log()).contains("connection refused").doesNotContain("Exception");

        last.close();
        Await.until("room for one more", SOON, () -> {
            try (SdkConnection next = SdkConnection.openFrom("127.0.0.3", server.port())) {
                return next.check().type().equals("ServerCheckResponse");
            }
        });
    }

    @Test
    void anAddressThatHasManyIsRefusedAndOthersAreNot() {
        connected(THERE, "a");
        connected(THERE, "b");
        connected(THERE, "c");
        SdkConnection fourth = opened(SdkConnection.openFrom(THERE, server.port()));

        assertThat(refused("ErrorResponse", 300, fourth.check()).text("message"))
                .isEqualTo("connections from 127.0.0.2: 3 (expected: fewer than 3)");
        fourth.setup(setup("d"));
        assertEnded(fourth, "connections from 127.0.0.2: 3 (expected: fewer than 3)");
        ok("HealthCheckResponse", connected(HERE, "d").healthCheck());
    }

    @Test
    void anApplicationThatHasManyIsRefusedAtTheSetupWhichNamesIt() {
        connected(HERE, "orders");
        SdkConnection second = connected(THERE, "orders");
        SdkConnection third = opened(SdkConnection.openFrom(HERE, server.port()));
        ok("ServerCheckResponse", third.check());
        third.setup(setup("orders"));

        assertEnded(third, "connections of application orders: 2 (expected: fewer than 2)");
        ok("HealthCheckResponse", connected(HERE, "billing").healthCheck());

        second.close();
        Await.until("room for the application", SOON, () -> {
            SdkConnection next = opened(SdkConnection.openFrom(THERE, server.port()));
            next.check();
            next.setup(setup("orders"));
            return next.pushes().poll(Duration.ofSeconds(1), push -> push.type().equals("SetupAckRequest")) != null;
        });
    }

    @Test
    void aTransportMoreThanMayWaitForItsSetupIsClosed() {
        List<Boolean> served = new ArrayList<>();
        for (int i = 0; i < PENDING_MAX + 1; i++) {
            try {
                ok(
                        "ServerCheckResponse",
                        opened(SdkConnection.openFrom(HERE, server.port())).check());
                served.add(true);
            } catch (StatusRuntimeException e) {
                served.add(false);
            }
        }

        assertThat(served).startsWith(true).endsWith(false);
    }

    /** Registers a client of an application from an address. */
    private SdkConnection connected(String localIp, String application) {
        SdkConnection connection = opened(SdkConnection.openFrom(localIp, server.port()));
        ok("ServerCheckResponse", connection.check());
        connection.setup(setup(application));
        connection.awaitPush("SetupAckRequest");
        return connection;
    }

    private static String setup(String application) {
        return SdkConnection.SETUP.replace("\"AppName\":\"unknown\"", "\"AppName\":\"" + application + "\"");
    }

    private static void assertEnded(SdkConnection connection, String reason) {
        Status end = connection.awaitEnd(SOON);

        assertThat(end.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(end.getDescription()).isEqualTo(reason);
        assertThat(connection.pushes().all()).isEmpty();
    }

    private SdkConnection opened(SdkConnection connection) {
        opened.add(connection);
        return connection;
    }
}
