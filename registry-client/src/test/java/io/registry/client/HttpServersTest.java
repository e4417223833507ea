package io.registry.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.registry.api.NamingService;
import io.registry.client.stub.Await;
import io.registry.client.stub.StubServer;
import io.registry.proto.codec.Answers;
import io.registry.proto.envelope.Envelope;
import io.registry.proto.payload.PayloadError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logging in, and lists of servers, with HTTP servers that do what a test says. */
class HttpServersTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private HttpServer http;

    @SuppressWarnings("NullAway.Init")
    private StubServer grpc;

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Map<String, String> answers = new ConcurrentHashMap<>();

    @BeforeEach
    void start() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::answer);
        http.start();
        grpc = StubServer.start();
    }

    @AfterEach
    void end() {
        http.stop(0);
        grpc.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        calls.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
        String answer = answers.get(exchange.getRequestURI().getPath());
        byte[] bytes = (answer == null ? "not here" : answer).getBytes(UTF_8);
        exchange.sendResponseHeaders(answer == null ? 404 : 200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** A client whose HTTP port is that of the one server and whose gRPC port is that of the other. */
    private RegistryClient client() {
        return RegistryClient.builder()
                .serverAddr("127.0.0.1:" + http.getAddress().getPort())
                .grpcPortOffset(grpc.port() - http.getAddress().getPort())
                .credentials("me", "s3cr&t")
                .cacheDirectory(directory);
    }

    @Test
    void tokenOfTheNewPathGoesWithEveryRequest() {
        answers.put("/nacos/v3/auth/user/login", "{\"accessToken\":\"T1\",\"tokenTtl\":18000}");
        try (NamingService naming = client().build()) {
            naming.registerInstance("s", "10.0.0.1", 80);
        }

        assertThat(calls).containsExactly("POST /nacos/v3/auth/user/login?username=me password=s3cr%26t");
        assertThat(grpc.requests("InstanceRequest")).isNotEmpty().allMatch(HttpServersTest::hasTokenOne);
    }

    private static boolean hasTokenOne(Envelope request) {
        return "T1".equals(request.header("accessToken"));
    }

    @Test
    void serverWithoutTheNewPathIsAskedOnTheOldOne() {
        answers.put("/nacos/v1/auth/users/login", "{\"accessToken\":\"T1\",\"tokenTtl\":18000}");
        try (NamingService naming = client().build()) {
            naming.registerInstance("s", "10.0.0.1", 80);
        }

        assertThat(calls).hasSize(2);
        assertThat(grpc.requests("InstanceRequest")).isNotEmpty().allMatch(HttpServersTest::hasTokenOne);
    }

    @Test
    void serverWithoutAccountsIsUsedWithoutAToken() {
        try (NamingService naming = client().build()) {
            naming.registerInstance("s", "10.0.0.1", 80);
        }

        assertThat(grpc.requests("InstanceRequest"))
                .isNotEmpty()
                .allMatch(request -> request.header("accessToken") == null);
    }

    @Test
    void newTokenMakesGoodWhatWasRefused() {
        grpc.answer(request -> request.type().equals("SubscribeServiceRequest") && !hasTokenOne(request)
                ? Answers.refusal("SubscribeServiceResponse", PayloadError.NO_RIGHT, "token expired!")
                : null);
        try (NamingService naming = client().build()) {
            // Both paths were tried; the next attempt comes because of the refusals.
            Await.until("tried", () -> calls.size() == 2);
            answers.put("/nacos/v1/auth/users/login", "{\"accessToken\":\"T1\",\"tokenTtl\":18000}");

            Await.until("logged in", () -> {
                try {
                    naming.getAllInstances("s");
                    return true;
                } catch (RuntimeException e) {
                    return false;
                }
            });
        }
        assertThat(calls).hasSizeGreaterThan(2);
    }

    @Test
    void endpointGivesTheServers() {
        answers.put("/nacos/serverlist", "\n" + grpc.address() + "\n");
        try (NamingService naming = RegistryClient.builder()
                .endpoint("http://127.0.0.1:" + http.getAddress().getPort() + "/nacos/serverlist")
                .grpcPortOffset(0)
                .cacheDirectory(directory)
                .requestTimeout(Duration.ofSeconds(20))
                .build()) {
            naming.registerInstance("s", "10.0.0.1", 80);

            assertThat(naming.status().server()).isEqualTo(grpc.address());
        }
    }
}
