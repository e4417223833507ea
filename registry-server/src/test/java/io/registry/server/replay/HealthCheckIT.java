package io.registry.server.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.Ports;
import io.registry.server.testkit.RegistryProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Active checks against real ports of this machine. The display names start with the numbers of the checklist. */
class HealthCheckIT {

    /** The checklist allows 15 s, on a machine with nothing else to do. */
    private static final Duration SOON = Duration.ofSeconds(40);

    private static RegistryProcess server;
    private static WireClient client;
    private static HttpServer target;

    /** What the HTTP target was asked, by path. */
    private static final Map<String, List<Map<String, List<String>>>> asked = new ConcurrentHashMap<>();

    @BeforeAll
    static void start() throws IOException {
        server = RegistryProcess.start("--registry.health-check.networks=127.0.0.0/8");
        client = new WireClient(server.port());
        target = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        target.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            asked.computeIfAbsent(path, key -> new CopyOnWriteArrayList<>()).add(exchange.getRequestHeaders());
            int status = Integer.parseInt(path.substring(1, 4));
            if (status == 302) {
                exchange.getResponseHeaders().add("Location", "/200/redirected");
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        target.start();
        // All at once, so that their times pass together.
        http("tim12", "/503/a", "", 200);
        http("tim13", "/302/a", "", 200);
        http("tim14", "/404/a", "", 200);
        http("tim15", "/500/a", "", 200);
        http("tim11", "/200/a", "accept:text/x|x-who:me|host:evil|connection:upgrade|a:b:c", 200);
        http("tim11-204", "204/with blank", "", 204);
        set("tim11", false);
        set("tim11-204", false);
    }

    @AfterAll
    static void stop() {
        target.stop(0);
        server.close();
    }

    @Test
    @DisplayName("TIM-05 a closed TCP port makes unhealthy, and never deletes")
    void closedPortIsUnhealthy() {
        register("tim05", "127.0.0.1", Ports.free(), true);

        awaitHealth("tim05", false);
    }

    @Test
    @DisplayName("TIM-06 an open TCP port makes healthy what was registered as unhealthy")
    void openPortIsHealthy() throws IOException {
        try (ServerSocket open = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            register("tim06", "127.0.0.1", open.getLocalPort(), false);

            awaitHealth("tim06", true);
        }
        awaitHealth("tim06", false);
    }

    @Test
    @DisplayName("TIM-12 TIM-13 an HTTP check that is asked for patience, or sent elsewhere, fails the third time")
    void patienceIsLimited() {
        awaitHealth("tim12", false);
        awaitHealth("tim13", false);

        assertThat(asked.get("/503/a")).hasSizeGreaterThanOrEqualTo(3);
        assertThat(asked.get("/302/a")).hasSizeGreaterThanOrEqualTo(3);
        assertThat(asked).doesNotContainKey("/200/redirected");
    }

    @Test
    @DisplayName("TIM-14 TIM-15 an HTTP check that is refused fails at once")
    void refusalIsFinal() {
        awaitHealth("tim14", false);
        awaitHealth("tim15", false);
    }

    @Test
    @DisplayName("TIM-11 HTTP 200 stays healthy, and so does the code that a cluster expects")
    void expectedCodeIsHealthy() {
        awaitHealth("tim11", true);
        awaitHealth("tim11-204", true);

        Await.until("asked", SOON, () -> asked.containsKey("/200/a"));
        Map<String, List<String>> headers =
                asked.getOrDefault("/200/a", List.of()).get(0);
        assertThat(headers.get("Accept")).containsExactly("text/x");
        assertThat(headers.get("X-who")).containsExactly("me");
        assertThat(headers.get("Host"))
                .containsExactly("127.0.0.1:" + target.getAddress().getPort());
        assertThat(headers.get("Connection")).containsExactly("close");
        assertThat(headers).doesNotContainKey("A");
        assertThat(asked).containsKey("/204/with blank");
    }

    @Test
    void aPortOfTheClusterIsAskedInsteadOfTheInstances() throws IOException {
        try (ServerSocket open = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            register("check-port", "127.0.0.1", Ports.free(), false);
            cluster("check-port", open.getLocalPort(), false, "{\"type\":\"TCP\"}");

            awaitHealth("check-port", true);
        }
    }

    @Test
    void withoutACheckHealthIsWhatWasSetByHand() {
        int closed = Ports.free();
        register("none", "127.0.0.1", closed, true);
        cluster("none", 80, true, "{\"type\":\"NONE\"}");
        register("judged", "127.0.0.1", closed, true);

        awaitHealth("judged", false);
        assertThat(healthy("none")).isTrue();
        assertThat(client.send(
                                "PUT",
                                "/v1/ns/health/instance",
                                "serviceName=none&ip=127.0.0.1&port=" + closed + "&healthy=false")
                        .body())
                .isEqualTo("ok");
        assertThat(healthy("none")).isFalse();
    }

    @Test
    void s18AnAddressOutsideTheAllowedNetworksIsNotAsked() throws IOException {
        int closed = Ports.free();
        register("outside", "192.0.2.1", closed, true);
        register("link-local", "169.254.169.254", closed, true);
        register("inside", "127.0.0.1", closed, true);

        awaitHealth("inside", false);
        // Three rounds at the slowest rhythm, by the clock of another check.
        try (ServerSocket open = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            register("clock", "127.0.0.1", open.getLocalPort(), false);
            awaitHealth("clock", true);
        }
        assertThat(healthy("outside")).isTrue();
        assertThat(healthy("link-local")).isTrue();
    }

    @Test
    @Tag("long")
    void aStormOfFiveThousandKeepsItsTimeWithFewSocketsAndThreads() throws IOException {
        long threads = threads();
        // What the checks may take, and some for those who ask over HTTP.
        long socketsMax = sockets() + 1_000 + 100;
        int port;
        try (ServerSocket open = new ServerSocket(0, 1_000)) {
            port = open.getLocalPort();
            Thread accepting = new Thread(() -> acceptAll(open), "accept");
            accepting.setDaemon(true);
            accepting.start();
            for (int i = 0; i < 5_000; i++) {
                register("storm-" + i % 10, "127.1." + i / 250 + "." + (1 + i % 250), port, false);
            }
            Await.until("all healthy", Duration.ofSeconds(90), () -> {
                assertThat(sockets()).isLessThan(socketsMax);
                return count(true) == 5_000;
            });
        }
        Await.until("all unhealthy", Duration.ofSeconds(90), () -> {
            assertThat(sockets()).isLessThan(socketsMax);
            return count(false) == 5_000;
        });
        assertThat(threads()).isLessThan(threads + 10);
    }

    private static void acceptAll(ServerSocket open) {
        while (!open.isClosed()) {
            try (Socket accepted = open.accept()) {
                assertThat(accepted.isConnected()).isTrue();
            } catch (IOException e) {
                // The port was closed, or one of the connections is gone: nothing to be done for it.
            }
        }
    }

    private static long count(boolean healthy) {
        long count = 0;
        for (int i = 0; i < 10; i++) {
            for (JsonNode host : hosts("storm-" + i)) {
                count += host.path("healthy").asBoolean() == healthy ? 1 : 0;
            }
        }
        return count;
    }

    private static long sockets() {
        return entries(Path.of("/proc/" + server.pid() + "/fd"));
    }

    private static long threads() {
        return entries(Path.of("/proc/" + server.pid() + "/task"));
    }

    private static long entries(Path directory) {
        try (Stream<Path> all = Files.list(directory)) {
            return all.count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void http(String service, String path, String headers, int expected) {
        register(service, "127.0.0.1", target.getAddress().getPort(), true);
        cluster(
                service,
                80,
                true,
                "{\"type\":\"HTTP\",\"path\":\"%s\",\"headers\":\"%s\",\"expectedResponseCode\":%d}"
                        .formatted(path, headers, expected));
    }

    private static void cluster(String service, int checkPort, boolean ownPort, String checker) {
        assertThat(client.send(
                                "PUT",
                                "/v1/ns/cluster",
                                "serviceName=%s&clusterName=DEFAULT&checkPort=%d&useInstancePort4Check=%s&healthChecker=%s"
                                        .formatted(
                                                service,
                                                checkPort,
                                                ownPort,
                                                URLEncoder.encode(checker, StandardCharsets.UTF_8)))
                        .body())
                .isEqualTo("ok");
    }

    private static void set(String service, boolean healthy) {
        register(service, "127.0.0.1", target.getAddress().getPort(), healthy);
    }

    private static void register(String service, String ip, int port, boolean healthy) {
        assertThat(client.send(
                                "POST",
                                "/v1/ns/instance",
                                "serviceName=%s&ip=%s&port=%d&healthy=%s&ephemeral=false"
                                        .formatted(service, ip, port, healthy))
                        .body())
                .isEqualTo("ok");
    }

    private static JsonNode hosts(String service) {
        return client.send("GET", "/v1/ns/instance/list", "serviceName=" + service)
                .json()
                .path("hosts");
    }

    /** As it is kept: in a list, the threshold of a service may show all as healthy. */
    private static boolean healthy(String service) {
        JsonNode instances = client.send(
                        "GET",
                        "/v1/ns/catalog/instances",
                        "serviceName=" + service + "&clusterName=DEFAULT&pageNo=1&pageSize=10")
                .json()
                .path("list");
        assertThat(instances.size()).isEqualTo(1);
        return instances.path(0).path("healthy").asBoolean();
    }

    private static void awaitHealth(String service, boolean healthy) {
        Await.until(service + " healthy=" + healthy, SOON, () -> healthy(service) == healthy);
    }
}
