package io.registry.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.registry.server.testkit.Administrator;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends a real server process what no client should send. Whatever it is: no answer says that the server broke, none
 * shows its insides, nothing of it stays, and the heap does not grow. A failure names the seed and the request;
 * {@code -Dregistry.fuzz.seed=} runs from that seed, {@code -Dregistry.fuzz.seeds=} sets how many the long form takes.
 */
class HttpFuzzIT {

    private static final int REQUESTS_PER_SEED = 1_500;
    private static final int READ_MILLIS_MAX = 15_000;
    private static final int BODY_BYTES_LARGE = 20 * 1024 * 1024;

    /** What a collection may leave more than before: caches and buffers that fill once, not what requests hold. */
    private static final long HEAP_GROWTH_BYTES_MAX = 24L * 1024 * 1024;

    private static final List<String> INSIDES =
            List.of("\tat ", "Exception", "io.registry.", "org.springframework", "java.lang.");

    private static final Pattern PATH = Pattern.compile("\"method\":\"\\w+\",\"path\":\"([^\"]+)\"");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private RegistryProcess server;

    @BeforeEach
    void start() {
        server = RegistryProcess.start("--registry.empty-service.expire-after=1s");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void randomRequestsBreakNothingAndLeaveNothing() throws IOException, InterruptedException {
        run(Long.getLong("registry.fuzz.seed", 1L), 3);
    }

    @Test
    @Tag("long")
    void manyMoreRandomRequestsBreakNothingAndLeaveNothing() throws IOException, InterruptedException {
        run(Long.getLong("registry.fuzz.seed", 1_000L), Integer.getInteger("registry.fuzz.seeds", 60));
    }

    @Test
    void largeBodiesAreRefusedWithoutBeingKept() throws IOException, InterruptedException {
        long before = server.heapAfterCollection();
        byte[] megabyte = new byte[1024 * 1024];
        Arrays.fill(megabyte, (byte) 'x');
        for (String type : List.of("application/x-www-form-urlencoded", "application/json", "text/plain")) {
            for (String path :
                    List.of("/nacos/v1/ns/instance", "/nacos/v2/ns/service", "/nacos/v3/admin/ns/instance")) {
                try (RawConnection connection = RawConnection.open(server.port(), READ_MILLIS_MAX)) {
                    String head = "POST " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: " + type
                            + "\r\nContent-Length: " + BODY_BYTES_LARGE + "\r\n\r\n";
                    boolean open = connection.send(head.getBytes(StandardCharsets.UTF_8));
                    for (int sent = 0; open && sent < BODY_BYTES_LARGE; sent += megabyte.length) {
                        open = connection.send(megabyte);
                    }

                    // The connection may be cut before the answer is read, once the server has seen enough.
                    int status = connection.receive().status();
                    assertThat(status).as(type + " " + path).isIn(0, 400, 413);
                }
            }
        }

        assertAlive();
        assertThat(server.heapAfterCollection() - before).isLessThan(HEAP_GROWTH_BYTES_MAX);
        assertThat(logOfTrouble()).isEmpty();
    }

    @Test
    void connectionsThatStallAreClosedAndHoldNobodyUp() throws IOException {
        List<RawConnection> stalled = new ArrayList<>();
        try {
            for (int i = 0; i < 150; i++) {
                RawConnection connection = RawConnection.open(server.port(), 30_000);
                stalled.add(connection);
                String half = i % 2 == 0
                        ? "GET /nacos/v1/ns/instance/list?serv"
                        : "POST /nacos/v1/ns/instance HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n"
                                + "Content-Type: application/x-www-form-urlencoded\r\n\r\nserviceName=a";
                connection.send(half.getBytes(StandardCharsets.UTF_8));
            }

            assertAlive();

            for (RawConnection connection : stalled) {
                assertThat(connection.isClosedByServer()).isTrue();
            }
        } finally {
            for (RawConnection connection : stalled) {
                connection.close();
            }
        }
        assertAlive();
        assertThat(logOfTrouble()).isEmpty();
    }

    @Test
    void clientsThatNeverReadHoldNobodyUp() throws IOException {
        for (int i = 0; i < 200; i++) {
            String query = "serviceName=unread&ip=10.98.0." + i + "&port=80";
            assertThat(exchange("POST", "/v1/ns/instance?" + query).body()).isEqualTo("ok");
        }
        byte[] request = "GET /nacos/v1/ns/instance/list?serviceName=unread HTTP/1.1\r\nHost: x\r\n\r\n"
                .getBytes(StandardCharsets.UTF_8);
        List<RawConnection> unread = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                RawConnection connection = RawConnection.open(server.port(), READ_MILLIS_MAX);
                unread.add(connection);
                for (int j = 0; j < 100; j++) {
                    connection.send(request);
                }
            }

            for (int i = 0; i < 20; i++) {
                assertAlive();
            }
        } finally {
            for (RawConnection connection : unread) {
                connection.close();
            }
        }
        assertAlive();
        assertThat(logOfTrouble()).isEmpty();
    }

    private void run(long firstSeed, int seeds) throws IOException, InterruptedException {
        List<String> paths = knownPaths();
        // Once without counting: what the server loads and keeps for good is there afterwards.
        send(firstSeed, paths);
        cleanUp();
        long before = server.heapAfterCollection();
        for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
            send(seed, paths);
            cleanUp();
            assertThat(logOfTrouble()).as("log after seed " + seed).isEmpty();
        }
        assertThat(server.heapAfterCollection() - before)
                .as("growth of the heap after %s seeds from %s", seeds, firstSeed)
                .isLessThan(HEAP_GROWTH_BYTES_MAX);
    }

    private void send(long seed, List<String> paths) throws IOException {
        RandomRequests requests = new RandomRequests(seed, paths);
        for (int i = 0; i < REQUESTS_PER_SEED; i++) {
            RandomRequests.Request request = requests.next();
            RawConnection.Answer answer;
            try (RawConnection connection = RawConnection.open(server.port(), READ_MILLIS_MAX)) {
                connection.send(request.headBytes(), request.bodyBytes());
                answer = connection.receive();
            } catch (IOException e) {
                fail("seed " + seed + ", request " + i + ": " + request, e);
                return;
            }
            String trouble = trouble(request, answer);
            if (trouble != null) {
                fail("seed %s, request %s: %s%n%s%n%s", seed, i, trouble, request, answer);
            }
        }
    }

    private static @Nullable String trouble(RandomRequests.Request request, RawConnection.Answer answer) {
        if (answer.status() == 0) {
            return "no answer";
        }
        boolean unknownApi = answer.status() == 501;
        boolean unknownGenerator = answer.body().startsWith("caused: The InstanceIdGenerator type is not found");
        if (answer.status() >= 500 && !unknownApi && !unknownGenerator) {
            return "status " + answer.status();
        }
        for (String inside : INSIDES) {
            if (answer.body().contains(inside) && !request.head().contains(inside)) {
                return "the body shows " + inside;
            }
        }
        return null;
    }

    /** Takes out by the protocol's own means what the valid requests of a run have left, and checks that it is all. */
    private void cleanUp() {
        for (String namespace : namespaces()) {
            String query = "/v1/ns/catalog/services?withInstances=true&pageNo=1&pageSize=500&namespaceId=" + namespace;
            for (JsonNode service : json(exchange("GET", query))) {
                removeInstances(namespace, service);
            }
        }
        Await.until("no instance left", Duration.ofSeconds(45), () -> count("instanceCount") == 0);
        for (String namespace : namespaces()) {
            for (JsonNode service : names().path(namespace)) {
                String query = "namespaceId=" + namespace + "&serviceName=" + encoded(service.asString());
                exchange("DELETE", "/v1/ns/service?" + query);
            }
        }
        Await.until("no service left, but " + names(), Duration.ofSeconds(10), () -> count("serviceCount") == 0);
        assertThat(count("subscribeCount")).isZero();
        assertThat(count("clientCount")).isZero();
    }

    private void removeInstances(String namespace, JsonNode service) {
        String name = service.path("groupName").asString() + "@@"
                + service.path("serviceName").asString();
        for (JsonNode cluster : service.path("clusterMap")) {
            for (JsonNode host : cluster.path("hosts")) {
                String instance = "namespaceId=" + namespace + "&serviceName=" + encoded(name) + "&ip="
                        + encoded(host.path("ip").asString()) + "&port="
                        + host.path("port").asInt();
                exchange("DELETE", "/v1/ns/instance?" + instance);
                exchange("DELETE", "/v1/ns/instance?ephemeral=false&" + instance);
            }
        }
    }

    private List<String> namespaces() {
        return List.copyOf(names().propertyNames());
    }

    private JsonNode names() {
        return json(exchange("GET", "/v1/ns/service/names")).path("META-INF/services");
    }

    private static JsonNode json(RawConnection.Answer answer) {
        return JSON.readTree(answer.body());
    }

    private int count(String name) {
        return json(exchange("GET", "/v1/ns/operator/metrics?onlyStatus=false"))
                .path(name)
                .asInt();
    }

    private RawConnection.Answer exchange(String method, String pathAndQuery) {
        try (RawConnection connection = RawConnection.open(server.port(), READ_MILLIS_MAX)) {
            String head = method + " /nacos" + pathAndQuery
                    + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: " + Administrator.AUTHORIZATION
                    + "\r\n\r\n";
            connection.send(head.getBytes(StandardCharsets.UTF_8));
            return connection.receive();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertAlive() {
        assertThat(exchange("GET", "/v1/ns/operator/metrics").body()).isEqualTo("{\"status\":\"UP\"}");
    }

    private List<String> logOfTrouble() {
        return server.log()
                .lines()
                .filter(line -> line.contains("ERROR") || line.contains("Exception") || line.startsWith("\tat "))
                .limit(20)
                .toList();
    }

    /** Returns the paths of all recorded requests. */
    private static List<String> knownPaths() throws IOException {
        TreeSet<String> paths = new TreeSet<>();
        for (String file : List.of("1-v1", "2-catalog", "3-operate", "4-v2", "5-odd", "6-v3")) {
            try (InputStream stream = HttpFuzzIT.class.getResourceAsStream("/replay/" + file + ".jsonl")) {
                assertThat(stream).isNotNull();
                String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
                Matcher path = PATH.matcher(text);
                while (path.find()) {
                    paths.add(path.group(1));
                }
            }
        }
        return List.copyOf(paths);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
