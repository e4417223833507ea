package io.registry.server.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.api.NamingService;
import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.PreservedMetadata;
import io.registry.client.NamingFactory;
import io.registry.client.RegistryClient;
import io.registry.client.Transport;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.CutProxy;
import io.registry.server.testkit.RegistryProcess;
import io.registry.server.testkit.SharedRegistry;
import io.registry.server.testkit.Unique;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Everything over HTTP alone: beats, polling, and a server that forgets. */
@ExtendWith(SharedRegistry.class)
class SdkHttpIT {

    private static final Duration SOON = Duration.ofSeconds(15);

    @SuppressWarnings("NullAway.Init")
    private static RegistryProcess server;

    @BeforeAll
    static void takeServer(RegistryProcess shared) {
        server = shared;
    }

    private static NamingService client(String address) {
        return RegistryClient.builder()
                .serverAddr(address)
                .transport(Transport.HTTP)
                .build();
    }

    private static List<String> addresses(List<Instance> instances) {
        return instances.stream().map(Instance::address).sorted().toList();
    }

    @Test
    void instancesLiveByTheirBeatsAndGoWhenTheyAreDeregistered() {
        String service = Unique.name("http");
        Instance quick = Instance.builder("10.1.1.1", 80)
                .metadata(PreservedMetadata.HEART_BEAT_INTERVAL, "500")
                .metadata(PreservedMetadata.HEART_BEAT_TIMEOUT, "2000")
                .metadata(PreservedMetadata.IP_DELETE_TIMEOUT, "3000")
                .build();
        AtomicInteger rounds = new AtomicInteger();
        try (NamingService naming = client(server.address())) {
            naming.registerInstance(service, quick);
            naming.registerInstance(service, "10.1.1.2", 80);

            // Three times the time after which it would be gone without beats.
            long end = System.nanoTime() + Duration.ofSeconds(9).toNanos();
            Await.until("time passes", SOON, () -> {
                rounds.incrementAndGet();
                assertThat(addresses(naming.selectInstances(service, true, false)))
                        .containsExactly("10.1.1.1:80", "10.1.1.2:80");
                return System.nanoTime() > end;
            });
            assertThat(naming.status().healthy()).isTrue();
            naming.deregisterInstance(service, "10.1.1.2", 80);
            assertThat(addresses(naming.getAllInstances(service, false))).containsExactly("10.1.1.1:80");
        }

        try (NamingService observer = client(server.address())) {
            assertThat(observer.getAllInstances(service, false)).isEmpty();
        }
        assertThat(rounds).hasPositiveValue();
    }

    @Test
    void instanceThatTheServerDoesNotHaveIsRegisteredAgain() throws Exception {
        String service = Unique.name("http");
        Instance quick = Instance.builder("10.1.1.1", 80)
                .metadata(PreservedMetadata.HEART_BEAT_INTERVAL, "500")
                .build();
        try (NamingService naming = client(server.address())) {
            naming.registerInstance(service, quick);

            delete(service);

            Await.until(
                    "back", SOON, () -> !naming.getAllInstances(service, false).isEmpty());
        }
    }

    private static void delete(String service) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        server.url("/v1/ns/instance?ip=10.1.1.1&port=80&serviceName=" + service))
                .DELETE()
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.ofString())
                        .body())
                .isEqualTo("ok");
    }

    @Test
    void subscriberPollsAndIsTold() {
        String service = Unique.name("http");
        List<String> told = new CopyOnWriteArrayList<>();
        try (NamingService naming = client(server.address());
                NamingService provider = client(server.address())) {
            naming.subscribe(service, change -> told.addAll(addresses(change.added())));
            provider.registerInstance(service, "10.1.1.1", 80);

            Await.until("told", SOON, () -> told.equals(List.of("10.1.1.1:80")));
            assertThat(addresses(naming.getAllInstances(service))).containsExactly("10.1.1.1:80");
        }
    }

    @Test
    void registrationDuringAnOutageIsMadeLater() {
        String service = Unique.name("http");
        Instance quick = Instance.builder("10.1.1.1", 80)
                .metadata(PreservedMetadata.HEART_BEAT_INTERVAL, "500")
                .build();
        try (CutProxy proxy = CutProxy.to(server.port());
                NamingService naming = client(proxy.address());
                NamingService observer = client(server.address())) {
            proxy.cut();
            assertThatThrownBy(() -> naming.registerInstance(service, quick))
                    .isInstanceOfSatisfying(
                            RegistryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNREACHABLE));
            proxy.restore();

            Await.until(
                    "registered",
                    SOON,
                    () -> !observer.getAllInstances(service, false).isEmpty());
        }
    }

    @Test
    void secondServerIsAskedWhereTheFirstIsGone() {
        try (NamingService naming = client("127.0.0.1:1," + server.address())) {
            naming.registerInstance(Unique.name("http"), "10.1.1.1", 80);

            assertThat(naming.getServerStatus()).isEqualTo("UP");
        }
    }

    @Test
    void servicesAreListedAndRefusalsAreThrown() {
        String group = "g-" + Unique.name("http");
        try (NamingService naming = client(server.address())) {
            naming.registerInstance("a", group, "10.1.1.1", 80);
            naming.registerInstance("b", group, "10.1.1.1", 80);

            assertThat(naming.getServicesOfServer(1, 1, group).count()).isEqualTo(2);
            assertThat(naming.getServicesOfServer(1, 9, group).names()).containsExactlyInAnyOrder("a", "b");
            assertThatThrownBy(() -> naming.registerInstance(
                            "a",
                            group,
                            Instance.builder("10.1.1.2", 80).ephemeral(false).build()))
                    .isInstanceOfSatisfying(
                            RegistryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAMETER));
        }
    }

    @Test
    void persistentInstanceIsRegisteredOverHttp() {
        String service = Unique.name("http");
        Instance instance = Instance.builder("10.1.1.1", 80)
                .ephemeral(false)
                .metadata("motto", "grüße & 100 % = ?")
                .build();
        try (NamingService naming = client(server.address())) {
            naming.registerInstance(service, instance);

            Instance found = naming.getAllInstances(service, false).get(0);
            assertThat(found.ephemeral()).isFalse();
            assertThat(found.metadata()).isEqualTo(instance.metadata());
            naming.deregisterInstance(service, instance);
            assertThat(naming.getAllInstances(service, false)).isEmpty();
        }
    }

    @Test
    void clientIsMadeFromProperties() {
        Properties properties = new Properties();
        properties.setProperty("serverAddr", server.address());
        properties.setProperty("registry.transport", "http");
        properties.setProperty("namespace", "other");
        properties.setProperty("username", "somebody");
        properties.setProperty("password", "something");
        String service = Unique.name("http");
        try (NamingService naming = NamingFactory.createNamingService(properties);
                NamingService elsewhere = client(server.address())) {
            naming.registerInstance(service, "10.1.1.1", 80);

            assertThat(naming.getAllInstances(service, false)).hasSize(1);
            assertThat(elsewhere.getAllInstances(service, false)).isEmpty();
        }
    }
}
