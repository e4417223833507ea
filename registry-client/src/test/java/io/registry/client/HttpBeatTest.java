package io.registry.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.registry.api.NamingService;
import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.PreservedMetadata;
import io.registry.client.stub.Await;
import io.registry.client.stub.StubServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client's side of beats, and of persistent instances over HTTP, with a server that does what a test says. */
class HttpBeatTest {

    /** A call as it came: method, path, decoded query, and decoded body. */
    private record Call(String method, String path, String query, String body) {

        boolean isBeatOf(Instance instance) {
            return path.equals("/nacos/v1/ns/instance/beat") && query.contains("ip=" + instance.ip());
        }

        boolean isFull() {
            return body.startsWith("beat={");
        }
    }

    private record Answer(int status, String body) {}

    private static final Answer OK = new Answer(200, "ok");
    private static final Instance FIRST = quick("10.0.0.1");

    /** Beats as often, so that its beats tell how much time has passed. */
    private static final Instance CLOCK = quick("10.0.0.2");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private HttpServer http;

    private final List<Call> calls = new CopyOnWriteArrayList<>();

    /** What the beats of the first instance are answered; those of others are always fine. */
    private volatile Function<Integer, Answer> beats = number -> beat(10_200, 100, null);

    private volatile Function<Call, Answer> others = call -> OK;
    private final AtomicInteger answered = new AtomicInteger();

    @BeforeEach
    void start() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::answer);
        http.start();
    }

    @AfterEach
    void end() {
        http.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        Call call = new Call(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                String.valueOf(exchange.getRequestURI().getQuery()),
                URLDecoder.decode(new String(exchange.getRequestBody().readAllBytes(), UTF_8), UTF_8));
        calls.add(call);
        Answer answer = call.isBeatOf(FIRST)
                ? beats.apply(answered.incrementAndGet())
                : call.isBeatOf(CLOCK) ? beat(10_200, 100, true) : others.apply(call);
        byte[] bytes = answer.body().getBytes(UTF_8);
        exchange.sendResponseHeaders(answer.status(), bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static Instance quick(String ip) {
        return Instance.builder(ip, 80)
                .weight(2)
                .metadata(PreservedMetadata.HEART_BEAT_INTERVAL, "100")
                .build();
    }

    private static Answer beat(int code, int interval, @Nullable Boolean light) {
        return new Answer(
                200,
                "{\"clientBeatInterval\":" + interval + ",\"code\":" + code
                        + (light == null ? "" : ",\"lightBeatEnabled\":" + light) + "}");
    }

    private NamingService client() {
        return RegistryClient.builder()
                .serverAddr("127.0.0.1:" + http.getAddress().getPort())
                .transport(Transport.HTTP)
                .cacheDirectory(directory)
                .build();
    }

    private List<Call> beatsOf(Instance instance) {
        return calls.stream().filter(call -> call.isBeatOf(instance)).toList();
    }

    private List<Call> of(String method) {
        return calls.stream()
                .filter(call -> call.method().equals(method) && call.path().equals("/nacos/v1/ns/instance"))
                .toList();
    }

    /** Lets the time of some beats pass. */
    private void pass(NamingService naming) {
        naming.registerInstance("clock", CLOCK);
        int before = beatsOf(CLOCK).size();
        Await.until("time passes", () -> beatsOf(CLOCK).size() >= before + 5);
    }

    @Test
    void beatsAreLightAsLongAsTheServerSaysSo() {
        beats = number -> switch (number) {
            case 1 -> beat(10_200, 100, null);
            case 2, 3 -> beat(10_200, 100, true);
            case 4 -> beat(10_200, 100, false);
            default -> beat(10_200, 100, true);
        };
        try (NamingService naming = client()) {
            naming.registerInstance("s", "G", FIRST);

            Await.until("beats", () -> beatsOf(FIRST).size() >= 6);
        }

        List<Call> seen = beatsOf(FIRST);
        assertThat(seen.subList(0, 6).stream().map(Call::isFull))
                .containsExactly(true, true, false, false, true, false);
        assertThat(seen.get(2).body()).isEmpty();
        assertThat(seen)
                .allSatisfy(call -> assertThat(call.method() + " " + call.query())
                        .isEqualTo("PUT namespaceId=public&serviceName=G@@s&groupName=G&clusterName=DEFAULT"
                                + "&ip=10.0.0.1&port=80"));
        assertThat(seen.get(0).body())
                .startsWith("beat={\"ip\":\"10.0.0.1\",\"port\":80,\"weight\":2.0,\"serviceName\":\"G@@s\"")
                .contains("\"cluster\":\"DEFAULT\"", "\"preserved.heart.beat.interval\":\"100\"", "\"period\":100");
        assertThat(of("POST")).hasSize(1);
    }

    @Test
    void anInstanceThatTheServerDoesNotHaveIsRegisteredAgainAndItsNextBeatIsFull() {
        beats = number -> beat(number == 2 ? 20_404 : 10_200, 100, true);
        try (NamingService naming = client()) {
            naming.registerInstance("s", FIRST);

            Await.until("beats", () -> beatsOf(FIRST).size() >= 4);

            assertThat(of("POST")).hasSize(2);
            assertThat(of("POST").get(1)).isEqualTo(of("POST").get(0));
            assertThat(beatsOf(FIRST).subList(0, 4).stream().map(Call::isFull))
                    .containsExactly(true, false, true, false);
            assertThat(calls.indexOf(beatsOf(FIRST).get(1)) + 1)
                    .isEqualTo(calls.lastIndexOf(of("POST").get(1)));
            assertThat(naming.status().healthy()).isTrue();
            assertThat(naming.figures().repetitions()).isEqualTo(1);
        }
    }

    @Test
    void theIntervalThatTheServerAnswersIsKept() {
        beats = number -> beat(10_200, 60_000, true);
        try (NamingService naming = client()) {
            naming.registerInstance("s", FIRST);
            Await.until("first beat", () -> beatsOf(FIRST).size() == 1);

            pass(naming);

            assertThat(beatsOf(FIRST)).hasSize(1);
        }
    }

    @Test
    void withoutAnIntervalInTheAnswerTheOneOfTheInstanceIsKept() {
        beats = number -> new Answer(200, "{\"code\":10200}");
        try (NamingService naming = client()) {
            naming.registerInstance("s", FIRST);

            Await.until("beats", () -> beatsOf(FIRST).size() >= 4);
            assertThat(beatsOf(FIRST)).allMatch(Call::isFull);
        }
    }

    @Test
    void aBeatThatFailsIsNoReasonToRegisterAgain() {
        beats = number -> number == 2 ? new Answer(500, "ill") : beat(10_200, 100, true);
        try (NamingService naming = client()) {
            naming.registerInstance("s", FIRST);

            Await.until("beats", () -> beatsOf(FIRST).size() >= 4);
            assertThat(beatsOf(FIRST).subList(0, 4).stream().map(Call::isFull))
                    .containsExactly(true, false, true, false);
            assertThat(of("POST")).hasSize(1);
            assertThat(naming.status().healthy()).isTrue();
        }
    }

    @Test
    void whatIsDeregisteredBeatsNoMore() {
        try (NamingService naming = client()) {
            naming.registerInstance("s", FIRST);
            Await.until("beats", () -> beatsOf(FIRST).size() >= 2);

            naming.deregisterInstance("s", FIRST);
            int before = beatsOf(FIRST).size();
            pass(naming);

            assertThat(beatsOf(FIRST)).hasSize(before);
            assertThat(of("DELETE"))
                    .singleElement()
                    .satisfies(call -> assertThat(call.query()).contains("ip=10.0.0.1", "port=80", "ephemeral=true"));
        }
    }

    @Test
    void aPersistentInstanceIsRegisteredOnceWithoutBeats() {
        Instance persistent = Instance.builder("10.0.0.1", 80).ephemeral(false).build();
        try (NamingService naming = client()) {
            naming.registerInstance("s", persistent);
            pass(naming);
            naming.deregisterInstance("s", persistent);
        }

        assertThat(beatsOf(FIRST)).isEmpty();
        assertThat(of("POST").stream().filter(call -> call.query().contains("ip=10.0.0.1")))
                .singleElement()
                .satisfies(call -> assertThat(call.query()).contains("ephemeral=false", "weight=1.0", "enable=true"));
        assertThat(of("DELETE").stream().filter(call -> call.query().contains("ip=10.0.0.1")))
                .singleElement()
                .satisfies(call -> assertThat(call.query()).contains("ephemeral=false"));
    }

    @Test
    void aRefusalOfAPersistentInstanceIsThrownAndNotRepeated() {
        Instance persistent = Instance.builder("10.0.0.1", 80).ephemeral(false).build();
        others = call -> call.query().contains("ip=10.0.0.1") ? new Answer(400, "bad weather") : OK;
        try (NamingService naming = client()) {
            assertThatThrownBy(() -> naming.registerInstance("s", persistent))
                    .isInstanceOfSatisfying(RegistryException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAMETER);
                        assertThat(e).hasMessageContaining("bad weather");
                    });
            pass(naming);

            assertThat(of("POST").stream().filter(call -> call.query().contains("ip=10.0.0.1")))
                    .hasSize(1);
        }
    }

    @Test
    void overGrpcPersistentInstancesTakeHttpUnlessTheServerTakesThem() {
        Instance persistent = Instance.builder("10.0.0.1", 80).ephemeral(false).build();
        try (StubServer grpc = StubServer.start()) {
            RegistryClient both = RegistryClient.builder()
                    .serverAddr("127.0.0.1:" + http.getAddress().getPort())
                    .grpcPortOffset(grpc.port() - http.getAddress().getPort())
                    .cacheDirectory(directory);
            try (NamingService naming = both.build()) {
                naming.registerInstance("e", "10.0.0.9", 80);
                naming.registerInstance("s", persistent);
            }
            assertThat(of("POST"))
                    .singleElement()
                    .satisfies(call -> assertThat(call.query()).contains("ip=10.0.0.1", "ephemeral=false"));
            assertThat(grpc.requests("PersistentInstanceRequest")).isEmpty();

            grpc.abilities(Map.of("supportPersistentInstanceByGrpc", true));
            try (NamingService naming = both.build()) {
                naming.registerInstance("e", "10.0.0.9", 80);
                naming.registerInstance("s", persistent);
            }
            assertThat(of("POST")).hasSize(1);
            assertThat(grpc.requests("PersistentInstanceRequest")).hasSize(1);
        }
    }
}
