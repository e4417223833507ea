package io.registry.server.wire;

import static io.registry.server.wire.WireAssert.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.Await;
import io.registry.server.testkit.Message;
import io.registry.server.testkit.RegistryProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server that is killed and started again shows its consumers no empty list. */
class WarmRestartIT {

    private static final String SERVICE = "svc";
    private static final String SNAPSHOT = "ephemeral.snapshot";

    /** Longer than a start takes on a busy machine: what is older than the lease is not restored. */
    private static final String LEASE = "--registry.distro.owner-lease=25s";

    private final RegistryProcess server = RegistryProcess.start(LEASE, "--registry.distro.snapshot-interval=1s");
    private final Http http = new Http(server);

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void aKilledServerRemembersItsInstancesAndForgetsThoseThatStayAway() {
        Naming returning = Naming.on(server.port());
        Naming staying = Naming.on(server.port());
        ok("InstanceResponse", returning.register(SERVICE, "10.0.0.1", 1));
        ok("InstanceResponse", staying.register(SERVICE, "10.0.0.2", 2));
        http("POST", "/v1/ns/instance");
        assertThat(http("PUT", "/v1/ns/instance/beat")).contains("10200");
        awaitSnapshotOf(SERVICE);
        server.kill();
        returning.close();
        staying.close();
        server.restart();

        try (Naming consumer = Naming.on(server.port());
                Naming returned = Naming.on(server.port())) {
            assertThat(consumer.query(SERVICE).addresses()).containsExactly("10.0.0.1:1", "10.0.0.2:2", "10.0.0.3:3");
            assertThat(consumer.subscribe(SERVICE).addresses())
                    .containsExactly("10.0.0.1:1", "10.0.0.2:2", "10.0.0.3:3");
            ok("InstanceResponse", returned.register(SERVICE, "10.0.0.1", 1));
            beatUntilGone(consumer);

            Message last = consumer.query(SERVICE);
            assertThat(last.addresses()).containsExactly("10.0.0.1:1", "10.0.0.3:3");
            for (Message push : consumer.pushes().all("NotifySubscriberRequest")) {
                assertThat(push.addresses())
                        .as("those that came back never left")
                        .contains("10.0.0.1:1", "10.0.0.3:3");
            }
        }
    }

    @Test
    void anOrderlyStopRemembersToo() {
        try (Naming client = Naming.on(server.port())) {
            ok("InstanceResponse", client.register(SERVICE, "10.0.0.1", 1));
            server.stop();
        }
        server.restart();

        try (Naming consumer = Naming.on(server.port())) {
            assertThat(consumer.query(SERVICE).addresses()).containsExactly("10.0.0.1:1");
        }
    }

    @Test
    void whatWasDeregisteredDoesNotComeBack() {
        try (Naming client = Naming.on(server.port())) {
            ok("InstanceResponse", client.register(SERVICE, "10.0.0.1", 1));
            ok("InstanceResponse", client.register("other", "10.0.0.1", 1));
            awaitSnapshotOf("other");
            ok("InstanceResponse", client.deregister(SERVICE, "10.0.0.1", 1));
            ok("InstanceResponse", client.register("marker", "10.0.0.1", 1));
            awaitSnapshotOf("marker");
            server.kill();
        }
        server.restart();

        try (Naming consumer = Naming.on(server.port())) {
            assertThat(consumer.query(SERVICE).hosts()).isEmpty();
            assertThat(consumer.query("other").addresses()).containsExactly("10.0.0.1:1");
        }
    }

    @Test
    void aDamagedSnapshotIsSetAsideAndTheStartGoesOn() throws IOException {
        try (Naming client = Naming.on(server.port())) {
            ok("InstanceResponse", client.register(SERVICE, "10.0.0.1", 1));
            awaitSnapshotOf(SERVICE);
            server.kill();
        }
        byte[] whole = Files.readAllBytes(snapshot());
        for (byte[] damaged : List.of(new byte[0], Arrays.copyOf(whole, whole.length / 2), flipped(whole))) {
            Files.write(snapshot(), damaged);
            server.restart();
            try (Naming client = Naming.on(server.port())) {
                assertThat(client.query(SERVICE).hosts()).isEmpty();
                ok("InstanceResponse", client.register(SERVICE, "10.0.0.1", 1));
            }
            server.kill();
        }

        assertThat(server.log().lines().filter(line -> line.contains("snapshot damaged")))
                .as("one line for each")
                .hasSize(3);
        assertThat(server.log()).doesNotContain("\tat ");
    }

    private static byte[] flipped(byte[] whole) {
        byte[] copy = whole.clone();
        copy[copy.length / 2] ^= 0x10;
        return copy;
    }

    /** Beats as an old client does, and registers again where it is told so, until the silent instance has left. */
    private void beatUntilGone(Naming consumer) {
        Await.until("10.0.0.2:2 has left", Duration.ofSeconds(60), () -> {
            if (http("PUT", "/v1/ns/instance/beat").contains("20404")) {
                http("POST", "/v1/ns/instance");
            }
            return !consumer.query(SERVICE).addresses().contains("10.0.0.2:2");
        });
    }

    private String http(String method, String path) {
        return http.send(method, path, "serviceName", "G1@@" + SERVICE, "ip", "10.0.0.3", "port", 3);
    }

    private void awaitSnapshotOf(String service) {
        Await.until("snapshot with " + service, Duration.ofSeconds(20), () -> {
            try {
                return Files.exists(snapshot())
                        && new String(Files.readAllBytes(snapshot()), StandardCharsets.ISO_8859_1).contains(service);
            } catch (IOException e) {
                return false;
            }
        });
    }

    private Path snapshot() {
        return server.dataDirectory().resolve(SNAPSHOT);
    }
}
