package io.registry.client.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.registry.api.NamingService;
import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.client.RegistryClient;
import io.registry.client.stub.Await;
import io.registry.client.stub.StubServer;
import io.registry.proto.codec.Answers;
import io.registry.proto.payload.PayloadError;
import java.io.File;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamingServiceMetricsTest {

    private static final ServiceKey SERVICE = new ServiceKey("public", "DEFAULT_GROUP", "s");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @SuppressWarnings("NullAway.Init")
    private StubServer server;

    @SuppressWarnings("NullAway.Init")
    private NamingService naming;

    @BeforeEach
    void start() {
        server = StubServer.start();
        server.answer(request -> switch (request.type()) {
            case "SubscribeServiceRequest" -> StubServer.subscribed(SERVICE, 100, Instance.of("10.0.0.1", 80));
            default -> null;
        });
        naming = client("a").build();
        new NamingServiceMetrics(naming).bindTo(meters);
    }

    @AfterEach
    void end() {
        naming.close();
        server.close();
    }

    private RegistryClient client(String name) {
        return RegistryClient.builder()
                .serverAddr(server.address())
                .appName(name)
                .grpcPortOffset(0)
                .redoInterval(Duration.ofMillis(200))
                .requestTimeout(Duration.ofSeconds(2))
                .cacheDirectory(directory);
    }

    private double gauge(String name) {
        return meters.get("registry.client." + name).gauge().value();
    }

    private double counter(String name) {
        return meters.get("registry.client." + name).functionCounter().count();
    }

    @Test
    void gaugesShowWhatIsWantedAndWhatTheServerHas() {
        naming.registerInstance("p", "10.0.0.9", 80);
        naming.getAllInstances("s");

        assertThat(gauge("connected")).isEqualTo(1);
        assertThat(gauge("registrations.wanted")).isEqualTo(1);
        assertThat(gauge("registrations.acknowledged")).isEqualTo(1);
        assertThat(gauge("subscriptions.wanted")).isEqualTo(1);
        assertThat(gauge("subscriptions.acknowledged")).isEqualTo(1);
        assertThat(gauge("services")).isEqualTo(1);
        assertThat(gauge("refused")).isZero();
        assertThat(counter("reconnects")).isZero();
        assertThat(counter("repetitions")).isZero();

        server.close();

        Await.until("seen", () -> gauge("connected") == 0 && gauge("registrations.acknowledged") == 0);
        assertThat(gauge("registrations.wanted")).isEqualTo(1);
        assertThat(gauge("services")).isEqualTo(1);
    }

    @Test
    void aNewConnectionIsAReconnectAndRepeatsWhatWasAskedBefore() {
        naming.registerInstance("p", "10.0.0.9", 80);
        naming.getAllInstances("s");

        server.endStreams();

        Await.until("counted", () -> counter("reconnects") == 1 && counter("repetitions") == 2);
    }

    @Test
    void pushesAreCounted() {
        naming.getAllInstances("s");

        server.push(StubServer.service("1", SERVICE, 110));
        server.push(StubServer.service("2", SERVICE, 120, Instance.of("10.0.0.2", 80)));

        Await.until("counted", () -> counter("pushes") == 2);
    }

    @Test
    void refusalsAreCountedAndThoseThatLastAreShown() {
        naming.registerInstance("p", "10.0.0.9", 80);
        server.answer(request -> request.type().equals("InstanceRequest")
                ? Answers.refusal("InstanceResponse", PayloadError.NO_RIGHT, "no right")
                : null);

        assertThatThrownBy(() -> naming.registerInstance("q", "10.0.0.9", 80)).hasMessageContaining("no right");
        assertThat(counter("refusals")).isEqualTo(1);
        assertThat(gauge("refused")).isZero();

        server.endStreams();
        Await.until("shown", () -> gauge("refused") == 1);
        assertThat(counter("refusals")).isEqualTo(2);
    }

    @Test
    void answeredRequestsAreTimedAndOthersCounted() {
        naming.registerInstance("p", "10.0.0.9", 80);

        // The check of the server, and the registration.
        var timer = meters.get("registry.client.requests").functionTimer();
        assertThat(timer.count()).isEqualTo(2);
        assertThat(timer.totalTime(TimeUnit.NANOSECONDS)).isPositive();
        assertThat(counter("requests.unanswered")).isZero();

        server.close();
        Await.until("counted", () -> counter("requests.unanswered") > 0);
    }

    @Test
    void tagsTellClientsApart() {
        try (NamingService other = client("b").build()) {
            new NamingServiceMetrics(other, Tags.of("client", "b")).bindTo(meters);
            other.registerInstance("p", "10.0.0.9", 80);

            assertThat(meters.get("registry.client.registrations.wanted")
                            .tags(List.of(Tag.of("client", "b")))
                            .gauge()
                            .value())
                    .isEqualTo(1);
            assertThat(meters.find("registry.client.registrations.wanted").gauges())
                    .hasSize(2);
        }
    }

    @Test
    void aClosedClientIsNotConnectedAndKeepsItsFigures() {
        naming.registerInstance("p", "10.0.0.9", 80);
        double requests = meters.get("registry.client.requests").functionTimer().count();

        naming.close();

        assertThat(gauge("connected")).isZero();
        assertThat(meters.get("registry.client.requests").functionTimer().count())
                .isGreaterThanOrEqualTo(requests);
    }

    @Test
    void theClientWorksWithoutMicrometer() throws Exception {
        URL[] others = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("micrometer"))
                .map(entry -> {
                    try {
                        URI uri = Path.of(entry).toUri();
                        return uri.toURL();
                    } catch (java.net.MalformedURLException e) {
                        throw new IllegalArgumentException(entry, e);
                    }
                })
                .toArray(URL[]::new);
        try (URLClassLoader loader = new URLClassLoader(others, ClassLoader.getPlatformClassLoader())) {
            assertThatThrownBy(() -> loader.loadClass("io.micrometer.core.instrument.MeterRegistry"))
                    .isInstanceOf(ClassNotFoundException.class);

            Class<?> factory = loader.loadClass("io.registry.client.RegistryClient");
            Object builder = factory.getMethod("builder").invoke(null);
            factory.getMethod("serverAddr", String.class).invoke(builder, server.address());
            factory.getMethod("grpcPortOffset", int.class).invoke(builder, 0);
            factory.getMethod("cacheDirectory", Path.class).invoke(builder, directory);
            try (AutoCloseable plain =
                    (AutoCloseable) factory.getMethod("build").invoke(builder)) {
                loader.loadClass("io.registry.api.NamingService")
                        .getMethod("registerInstance", String.class, String.class, int.class)
                        .invoke(plain, "w", "10.0.0.9", 80);
            }
        }
        assertThat(server.requests("InstanceRequest")).isNotEmpty();
    }
}
