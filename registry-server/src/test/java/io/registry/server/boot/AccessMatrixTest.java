package io.registry.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.proto.payload.RequestPayload;
import io.registry.server.grpc.SdkServer;
import io.registry.server.http.Route;
import io.registry.server.http.Routes;
import io.registry.server.testkit.Administrator;
import io.registry.server.testkit.Message;
import io.registry.server.testkit.SdkConnection;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Who may do what: every mapping and every type of request that the server has, as it says itself, by every kind of caller,
 * against a table of what each asks. What is in no row of the table fails.
 */
class AccessMatrixTest {

    private static final String UNSAID = "user not found!";
    private static final String DENIED = "authorization failed!";
    private static final String QUERY =
            "?namespaceId=public&groupName=G1&serviceName=G1%40%40svc&key=G1%40%40svc&ip=10.0.0.1";
    private static final String BODY = "{\"headers\":{},\"namespace\":\"public\",\"groupName\":\"G1\","
            + "\"serviceName\":\"svc\",\"groupKeyPattern\":\"public>>G1>>svc*\",\"watchType\":\"CANCEL_WATCH\","
            + "\"module\":\"naming\"}";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private static Path directory;

    private static ConfigurableApplicationContext server;
    private static String base;
    private static List<Caller> callers;

    /**
     * Someone who calls.
     *
     * @param token null for none
     * @param refusal what they are told wherever someone has to log in; null for who is known
     */
    private record Caller(
            String name, @Nullable String token, @Nullable String refusal) {}

    /**
     * What a mapping asks.
     *
     * @param need open, client, operator, user or administrator
     * @param verb register, discover, operate, or - for none
     * @param scope what a call with all parameters is about: service, group, namespace or all, or - for nothing
     */
    private record Row(String need, String verb, String scope) {

        @Nullable
        String refusal(Caller caller) {
            if (need.equals("open")) {
                return null;
            }
            if (caller.refusal() != null) {
                return caller.refusal();
            }
            boolean allowed = switch (caller.name()) {
                case "administrator" -> true;
                case "reader" -> need.equals("user") || verb.equals("discover") && !scope.equals("all");
                case "writer" ->
                    need.equals("user") || (verb.equals("register") || verb.equals("operate")) && !scope.equals("all");
                default -> need.equals("user");
            };
            return allowed ? null : DENIED;
        }
    }

    @BeforeAll
    static void start() {
        server = new SpringApplication(RegistryServer.class)
                .run(
                        "--server.port=0",
                        "--registry.data-dir=" + directory.resolve("data"),
                        "--registry.access.clients=required",
                        "--registry.access.metrics=required",
                        "--registry.access.token-keys=" + SignedToken.KEY,
                        "--registry.access.admin-password=" + Administrator.PASSWORD);
        base = "http://127.0.0.1:" + server.getEnvironment().getRequiredProperty("local.server.port") + "/nacos";
        user("reader", "r");
        user("writer", "w");
        user("stranger", "");
        String admin = token("nacos", Administrator.PASSWORD);
        callers = List.of(
                new Caller("nobody", null, UNSAID),
                new Caller("garbage", "garbage", "token invalid!"),
                new Caller("expired", SignedToken.expired("nacos"), "token expired!"),
                new Caller("wrong signature", SignedToken.spoilt(admin), "Invalid signature"),
                new Caller("foreign key", SignedToken.byAnotherKey("nacos"), "Invalid signature"),
                new Caller("no algorithm", SignedToken.unsigned("nacos"), "unsupported signature algorithm"),
                new Caller("stranger", token("stranger", "stranger-1"), null),
                new Caller("reader", token("reader", "reader-1"), null),
                new Caller("writer", token("writer", "writer-1"), null),
                new Caller("administrator", admin, null));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void everyMappingAsksWhatTheTableSays() throws IOException {
        Map<String, Row> table = table("access/mappings.txt");
        Map<String, String> wrong = new TreeMap<>();
        List<String> mappings = new ArrayList<>();
        for (Route route : server.getBean(Routes.class).all()) {
            String mapping = route.method() + " " + route.path();
            mappings.add(mapping);
            Row row = table.get(mapping);
            if (row != null) {
                for (Caller caller : callers) {
                    String expected = row.refusal(caller);
                    HttpResponse<String> answer = call(route.method(), path(route), caller.token());
                    if (!isRefused(answer, expected)) {
                        wrong.put(mapping + " by " + caller.name(), expected + ", but " + shown(answer));
                    }
                }
            }
        }

        assertThat(mappings).containsExactlyInAnyOrderElementsOf(table.keySet());
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyTypeOfRequestAsksWhatTheTableSays() throws IOException {
        Map<String, Row> table = table("access/payloads.txt");
        Map<String, String> wrong = new TreeMap<>();
        List<String> types = types(RequestPayload.class);
        try (SdkConnection connection = SdkConnection.openAt(
                "127.0.0.1", server.getBean(SdkServer.class).port())) {
            connection.check();
            connection.setup(SdkConnection.SETUP);
            connection.awaitPush("SetupAckRequest");
            for (String type : types) {
                // One that is in no row is found below.
                Row row = table.getOrDefault(type, new Row("open", "-", "-"));
                for (Caller caller : callers) {
                    String expected = row.refusal(caller);
                    Map<String, String> headers =
                            caller.token() == null ? Map.of() : Map.of("accessToken", caller.token());
                    Message answer = connection.request(type, BODY, headers);
                    boolean right = expected == null
                            ? answer.errorCode() != 403
                            : answer.errorCode() == 403
                                    && answer.resultCode() == 500
                                    && answer.text("message").equals(expected)
                                    && !answer.type().equals("ErrorResponse");
                    if (!right) {
                        wrong.put(type + " by " + caller.name(), expected + ", but " + answer);
                    }
                }
            }
        }

        assertThat(types).containsExactlyInAnyOrderElementsOf(table.keySet());
        assertThat(wrong).isEmpty();
    }

    /** Clients ask for the status alone before they trust a server; what else the same call tells is for operators. */
    @Test
    void moreThanTheStatusAsksForAnOperator() {
        for (String path : List.of("/v1/ns/operator/metrics", "/v2/ns/ops/metrics", "/v3/admin/ns/ops/metrics")) {
            Row row = new Row("operator", "discover", "all");
            for (Caller caller : callers) {
                HttpResponse<String> answer = call("GET", path + "?onlyStatus=false", caller.token());
                assertThat(isRefused(answer, row.refusal(caller)))
                        .as("%s by %s: %s", path, caller.name(), shown(answer))
                        .isTrue();
            }
        }
    }

    @Test
    void figuresAskForAnyUserAndHealthForNobody() {
        for (Caller caller : callers) {
            HttpResponse<String> figures = call("GET", "/actuator/prometheus", caller.token());
            assertThat(isRefused(figures, caller.refusal()))
                    .as("%s: %s", caller.name(), shown(figures))
                    .isTrue();
            for (String probe : List.of("", "/liveness", "/readiness")) {
                assertThat(call("GET", "/actuator/health" + probe, caller.token())
                                .statusCode())
                        .isEqualTo(200);
            }
        }
    }

    private static boolean isRefused(HttpResponse<String> answer, @Nullable String why) {
        return why == null
                ? answer.statusCode() != 403
                : answer.statusCode() == 403
                        && answer.body().contains(why)
                        && answer.body().contains("\"Forbidden\"");
    }

    private static String shown(HttpResponse<String> answer) {
        return answer.statusCode() + " "
                + answer.body().substring(0, Math.min(200, answer.body().length()));
    }

    private static String path(Route route) {
        String path = route.path().contains("statuses")
                ? route.path().replace("{}", "G1%40%40svc")
                : route.path().replaceFirst("\\{}", "public").replace("{}", "svc");
        return path + QUERY;
    }

    private static List<String> types(Class<?> family) {
        List<String> types = new ArrayList<>();
        for (Class<?> each : Objects.requireNonNullElse(family.getPermittedSubclasses(), new Class<?>[0])) {
            if (each.isRecord()) {
                types.add(each.getSimpleName());
            } else {
                types.addAll(types(each));
            }
        }
        return types;
    }

    private static Map<String, Row> table(String resource) throws IOException {
        Map<String, Row> rows = new LinkedHashMap<>();
        try (InputStream in =
                Objects.requireNonNull(AccessMatrixTest.class.getClassLoader().getResourceAsStream(resource))) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                String[] cells = line.split("\\|", -1);
                if (cells.length == 2) {
                    String[] words = cells[1].strip().split(" +", -1);
                    rows.put(cells[0].strip().replaceAll(" +", " "), new Row(words[0], words[1], words[2]));
                }
            }
        }
        return rows;
    }

    private static void user(String name, String action) {
        admin("/v3/auth/user?username=" + name + "&password=" + name + "-1");
        admin("/v3/auth/role?username=" + name + "&role=" + name + "s");
        if (!action.isEmpty()) {
            admin("/v3/auth/permission?role=" + name + "s&resource=public:*:*&action=" + action);
        }
    }

    private static void admin(String pathAndQuery) {
        HttpResponse<String> answer =
                send(Administrator.request(URI.create(base + pathAndQuery)).POST(HttpRequest.BodyPublishers.noBody()));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static String token(String user, String password) {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(base + "/v3/auth/user/login"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("username=" + user + "&password=" + password)));
        return answer.headers().firstValue("Authorization").orElseThrow().substring("Bearer ".length());
    }

    private static HttpResponse<String> call(String method, String pathAndQuery, @Nullable String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + pathAndQuery))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return send(request);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        return HTTP.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                .join();
    }
}
