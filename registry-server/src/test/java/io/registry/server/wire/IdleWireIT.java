package io.registry.server.wire;

import static io.registry.server.wire.WireAssert.isEndOfTransport;
import static io.registry.server.wire.WireAssert.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.StatusRuntimeException;
import io.registry.server.testkit.Message;
import io.registry.server.testkit.RegistryProcess;
import io.registry.server.testkit.SdkConnection;
import io.registry.server.testkit.SdkConnection.Acks;
import io.registry.server.testkit.SharedRegistry;
import io.registry.server.testkit.Unique;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Silent connections, items C21 to C24: with short times, and once with the real ones. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(SharedRegistry.class)
class IdleWireIT {

    private static final Duration PROBE_AFTER = Duration.ofSeconds(2);
    private static final Duration WAIT = Duration.ofSeconds(1);
    private static final String PROBE = "ClientDetectionRequest";

    private RegistryProcess server;

    @BeforeAll
    void start() {
        server = RegistryProcess.start(
                "--registry.connection.idle-probe-after=2s",
                "--registry.connection.idle-check-interval=200ms",
                "--registry.connection.probe-wait=1s");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void c21ASilentConnectionIsAskedForASign() {
        try (SdkConnection connection = SdkConnection.register(server.port())) {
            long start = System.nanoTime();
            Message probe = connection.awaitPush(PROBE);

            assertThat(probe.text("requestId")).isNotEmpty();
            assertThat(probe.body().required("module").asString()).isEqualTo("internal");
            assertThat(Duration.ofNanos(probe.atNanos() - start)).isGreaterThan(PROBE_AFTER.minusMillis(300));
        }
    }

    @Test
    void c22AnAnsweredProbeKeepsTheConnection() {
        try (SdkConnection connection = SdkConnection.register(server.port())) {
            Message first = connection.awaitPush(PROBE);
            Message second = connection.awaitPush(PROBE);

            assertThat(Duration.ofNanos(second.atNanos() - first.atNanos()))
                    .isGreaterThanOrEqualTo(PROBE_AFTER.minusMillis(100));
            assertThat(second.text("requestId")).isNotEqualTo(first.text("requestId"));
            ok("HealthCheckResponse", connection.healthCheck());
        }
    }

    @Test
    void c23AnUnansweredProbeEndsTheConnectionAndItsInstances() {
        try (Naming observer = Naming.on(server.port());
                Naming client = Naming.on(server.port())) {
            String service = Unique.name("svc");
            client.register(service, "10.0.0.1", 1);
            observer.subscribe(service);
            client.connection().acks(Acks.NONE);
            Message probe = client.connection().awaitPush(PROBE);
            client.connection().awaitEnd(Duration.ofSeconds(20));

            assertThat(Duration.ofNanos(System.nanoTime() - probe.atNanos())).isGreaterThan(WAIT.minusMillis(100));
            observer.awaitNotify(service, push -> push.hosts().isEmpty());
            assertUnregistered(client);
        }
    }

    @Test
    void c24AcksAloneKeepAConnection() {
        try (Naming publisher = Naming.on(server.port());
                Naming client = Naming.on(server.port())) {
            String service = Unique.name("svc");
            client.subscribe(service);
            long end = System.nanoTime() + 4 * PROBE_AFTER.toNanos();
            for (int i = 1; System.nanoTime() < end; i++) {
                publisher.register(service, "10.0.0.1", i);
                client.awaitNotify(service, "10.0.0.1:" + i);
                client.expectNoNotify(service, Duration.ofMillis(400));
            }

            assertThat(client.pushes().all(PROBE)).isEmpty();
            assertThat(client.connection().ended()).isFalse();
        }
    }

    @Test
    void c24RequestsAloneKeepAConnection() {
        try (SdkConnection connection = SdkConnection.register(server.port())) {
            long end = System.nanoTime() + 3 * PROBE_AFTER.toNanos();
            while (System.nanoTime() < end) {
                ok("HealthCheckResponse", connection.healthCheck());
                assertThat(connection.pushes().poll(Duration.ofMillis(500), any -> true))
                        .isNull();
            }
        }
    }

    @Test
    @Tag("long")
    void c21ToC24WithTheRealTimes(RegistryProcess shared) {
        try (Naming silent = Naming.on(shared.port());
                Naming dead = Naming.on(shared.port());
                Naming acking = Naming.on(shared.port());
                Naming publisher = Naming.on(shared.port())) {
            String service = Unique.name("svc");
            acking.subscribe(service);
            dead.connection().acks(Acks.NONE);
            long start = System.nanoTime();
            for (int i = 1; System.nanoTime() - start < TimeUnit.SECONDS.toNanos(60); i++) {
                publisher.register(service, "10.0.0.1", i);
                acking.expectNoNotify(Unique.name("none"), Duration.ofSeconds(4));
            }

            Message probe = silent.pushes().all(PROBE).get(0);
            assertThat(Duration.ofNanos(probe.atNanos() - start))
                    .isBetween(Duration.ofMillis(19_500), Duration.ofSeconds(25));
            Message next = silent.pushes().all(PROBE).get(1);
            assertThat(Duration.ofNanos(next.atNanos() - probe.atNanos())).isGreaterThan(Duration.ofSeconds(20));
            assertThat(dead.connection().ended()).isTrue();
            assertUnregistered(dead);
            assertThat(silent.connection().ended()).isFalse();
            assertThat(acking.connection().ended()).isFalse();
            assertThat(acking.pushes().all(PROBE)).isEmpty();
        }
    }

    private static void assertUnregistered(Naming client) {
        try {
            assertThat(client.connection().healthCheck().errorCode()).isEqualTo(301);
        } catch (StatusRuntimeException e) {
            assertThat(isEndOfTransport(e.getStatus()))
                    .as(e.getStatus().toString())
                    .isTrue();
        }
    }
}
