package io.registry.server.wire;

import static io.registry.server.wire.WireAssert.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryProcess;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the flight recorder of a real server has, asked over HTTP. */
class FlightIT {

    private static final String PATH = "/v3/admin/core/ops/flight";
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Pattern ENTRY = Pattern.compile("\\{\"number\":(?:[^}\"]|\"(?:[^\"\\\\]|\\\\.)*\")*}");

    private static RegistryProcess server;
    private static Http http;

    @BeforeAll
    static void start() {
        server = RegistryProcess.start();
        http = new Http(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aKilledServerStillKnowsWhoDidWhat() {
        try (Naming client = Naming.on(server.port())) {
            ok("InstanceResponse", client.register("flown", "10.0.0.1", 80));
            ok("InstanceResponse", client.register("flown", Naming.instance("10.0.0.1", 80, "weight", 2.0)));
            ok("InstanceResponse", client.deregister("flown", "10.0.0.1", 80));
            ok("InstanceResponse", client.register("flown", "10.0.0.2", 80));
        }
        Await.until(
                "the connection is gone", SOON, () -> entries("ip", "10.0.0.2").size() == 2);
        http.send("POST", "/v1/ns/instance", "serviceName", Naming.GROUP + "@@flown", "ip", "10.0.0.3", "port", 80);
        http.send("DELETE", "/v2/ns/instance", "serviceName", Naming.GROUP + "@@flown", "ip", "10.0.0.3", "port", 80);
        List<String> before = entries("serviceName", Naming.GROUP + "@@flown");
        assertThat(before.stream().map(FlightIT::brief))
                .containsExactly(
                        "gone 10.0.0.3 http 127.0.0.1 withdrawn",
                        "came 10.0.0.3 http 127.0.0.1 published",
                        "gone 10.0.0.2 grpc 127.0.0.1 disconnected",
                        "came 10.0.0.2 grpc 127.0.0.1 published",
                        "gone 10.0.0.1 grpc 127.0.0.1 published",
                        "changed 10.0.0.1 grpc 127.0.0.1 published",
                        "came 10.0.0.1 grpc 127.0.0.1 published");
        assertThat(before.get(5)).contains("\"detail\":\"weight: 1.0 to 2.0\"");

        server.kill();
        server.restart();

        assertThat(entries("serviceName", Naming.GROUP + "@@flown")).isEqualTo(before);
        assertThat(entries("kind", "started")).hasSizeGreaterThanOrEqualTo(2);
        assertThat(http.send("GET", "/actuator/prometheus").lines())
                .contains("registry_flight_recorder_dropped_total{reason=\"disk\"} 0.0");
    }

    @Test
    void persistentInstancesHaveTheirCallerToo() {
        http.send("POST", "/v1/ns/instance", "serviceName", "kept", "ip", "10.0.0.1", "port", 80, "ephemeral", false);
        http.send("DELETE", "/v1/ns/instance", "serviceName", "kept", "ip", "10.0.0.1", "port", 80, "ephemeral", false);

        assertThat(entries("serviceName", "kept").stream().map(FlightIT::brief))
                .containsExactly(
                        "gone 10.0.0.1 http 127.0.0.1 deregistered", "came 10.0.0.1 http 127.0.0.1 registered");

        http.send("POST", "/v1/ns/instance", "serviceName", "kept", "ip", "10.0.1.2", "port", 80, "ephemeral", false);
        server.stop();
        server.restart();

        assertThat(entries("serviceName", "kept", "ip", "10.0.1.2", "kind", "came").stream()
                        .map(FlightIT::brief))
                .as("who registers is the one who did, not the node that reads it back")
                .containsExactly("came 10.0.1.2 0 0 restored", "came 10.0.1.2 http 127.0.0.1 registered");
    }

    @Test
    void healthThatIsSetByHandHasItsCaller() {
        http.send("POST", "/v1/ns/instance", "serviceName", "set", "ip", "10.0.0.1", "port", 80, "ephemeral", false);
        http.send(
                "PUT",
                "/v1/ns/cluster",
                "serviceName",
                "set",
                "clusterName",
                "DEFAULT",
                "checkPort",
                80,
                "useInstancePort4Check",
                true,
                "healthChecker",
                "{\"type\":\"NONE\"}");
        for (boolean healthy : new boolean[] {false, true}) {
            http.send("PUT", "/v1/ns/health", "serviceName", "set", "ip", "10.0.0.1", "port", 80, "healthy", healthy);
        }

        assertThat(entries("serviceName", "set", "kind", "changed").get(0))
                .contains(
                        "\"detail\":\"healthy: false to true\"", "\"protocol\":\"http\"", "\"address\":\"127.0.0.1\"");
    }

    @Test
    void whatOperatorsDoIsRecordedWithWhatTheySaid() {
        http.send("POST", "/v3/admin/ns/service", "serviceName", "operated");
        http.send("PUT", "/v1/ns/operator/switches", "entry", "pushCacheMillis", "value", 12_000);
        http.send("PUT", "/v1/ns/operator/switches", "entry", "pushCacheMillis", "value", 10_000);
        String forged = "x\"},{\"number\":1,\"kind\":\"stopped\"}\n\u0000y";
        http.send(
                "POST",
                "/v1/console/namespaces",
                "customNamespaceId",
                "flown",
                "namespaceName",
                "f",
                "namespaceDesc",
                forged);
        http.send(
                "PUT",
                "/v3/admin/ns/override",
                "serviceName",
                "operated",
                "scope",
                "address",
                "ip",
                "10.0.0.1",
                "port",
                80,
                "enabled",
                false,
                "password",
                "hidden");
        http.exchange("DELETE", "/v3/admin/ns/service", "serviceName", "never-there");
        http.send("GET", "/v3/admin/core/ops/backup");
        // Refused, though the status says 200.
        http.send("POST", "/v1/auth/users", "username", "nacos", "password", "another");

        List<String> operated = entries("kind", "operated");
        assertThat(operated.stream().map(entry -> field(entry, "cause")))
                .contains("POST /v3/admin/ns/service", "POST /v1/console/namespaces", "GET /v3/admin/core/ops/backup")
                .doesNotContain("DELETE /v3/admin/ns/service", "POST /v1/auth/users");
        assertThat(operated.toString())
                .contains("entry=pushCacheMillis value=12000", "customNamespaceId=flown")
                .contains("namespaceDesc=x\\\"},{\\\"number\\\":1,\\\"kind\\\":\\\"stopped\\\"}\\n\\u0000y")
                .doesNotContain("hidden");
        assertThat(entries("serviceName", "operated", "ip", "10.0.0.1", "port", 80))
                .singleElement()
                .asString()
                .contains(
                        "\"kind\":\"operated\"",
                        "\"cause\":\"PUT /v3/admin/ns/override\"",
                        "\"address\":\"127.0.0.1\"",
                        "scope=address enabled=false");
    }

    @Test
    void whoIsRefusedIsRecordedAndNoPasswordIs() {
        for (int i = 0; i < 3; i++) {
            http.exchange("POST", "/v1/auth/login", "username", "mallory", "password", "guess-" + i);
        }
        http.exchange("GET", "/v3/auth/user/list", "accessToken", "nobody's");

        List<String> refused = entries("kind", "refused");
        assertThat(entries("user", "mallory"))
                .singleElement()
                .asString()
                .contains("\"detail\":\"POST /v1/auth/login\"", "\"address\":\"127.0.0.1\"", "login failed");
        assertThat(refused.stream().map(entry -> field(entry, "detail"))).contains("GET /v3/auth/user/list");
        assertThat(refused.toString()).doesNotContain("guess");
    }

    /** A password is guessed with any call that takes one, not only with the login. */
    @Test
    void whoGuessesWithAnotherCallIsRecordedByTheNameThatWasGiven() {
        String guess = Base64.getEncoder().encodeToString("eve:guess".getBytes(StandardCharsets.UTF_8));
        for (String path : List.of("/v1/ns/operator/switches", "/v3/auth/user/list")) {
            int status = http.anonymous(
                            HttpRequest.newBuilder(server.url(path)).header("Authorization", "Basic " + guess))
                    .statusCode();
            assertThat(status).isEqualTo(403);
        }

        assertThat(entries("user", "eve").toString())
                .contains("GET /v1/ns/operator/switches", "GET /v3/auth/user/list", "user not found!")
                .doesNotContain("guess");
    }

    @Test
    void whatAnybodyMayAskIsNoOperatorsDoing() {
        String asked = "serviceName=forged&ip=10.0.0.1&port=1&namespaceDesc=" + "x".repeat(200);
        for (String path : List.of("/v3/auth/user/admin", "/v1/auth/users/admin")) {
            HttpRequest.Builder request = HttpRequest.newBuilder(server.url(path))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(asked));
            assertThat(http.anonymous(request).body()).contains("409");
        }

        assertThat(entries("serviceName", "forged")).isEmpty();
    }

    /** Whoever is refused may send names of any length, which nobody keeps. */
    @Test
    void refusalsWithNamesOfAnyLengthTakeNoMemory() {
        String name = "x".repeat(1_500_000);
        http.send("GET", "/v1/ns/service/list", "pageNo", 1, "pageSize", 10);
        long before = server.heapAfterCollection();

        for (int i = 0; i < 30; i++) {
            http.anonymous(HttpRequest.newBuilder(server.url("/v3/auth/user/login"))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString("password=p&username=" + i + name)));
        }

        assertThat(server.heapAfterCollection() - before)
                .as("bytes of 30 names of 1,500,000 that were kept")
                .isLessThan(20_000_000);
        assertThat(entries("kind", "refused").toString()).contains("29xxx").doesNotContain("x".repeat(100));
    }

    @Test
    void aPageEndsWhereTheNextBegins() {
        for (int i = 0; i < 5; i++) {
            http.send("POST", "/v1/ns/instance", "serviceName", "paged", "ip", "10.0.0." + i, "port", 80);
        }
        List<String> all = entries("serviceName", "paged");
        List<String> found = new ArrayList<>();

        String page = http.send("GET", PATH, "serviceName", "paged", "limit", 2);
        while (!matches(page).isEmpty()) {
            found.addAll(matches(page));
            page = http.send("GET", PATH, "serviceName", "paged", "limit", 2, "before", field(page, "next"));
        }

        assertThat(all).hasSize(5);
        assertThat(found).isEqualTo(all);
        String first = field(all.get(4), "atMillis");
        assertThat(entries("serviceName", "paged", "toMillis", first)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "kind, flown",
        "limit, 0",
        "limit, 1001",
        "before, -1",
        "fromMillis, soon",
        "toMillis, 99999999999999999999"
    })
    void aQueryThatCannotBeIsRefused(String name, String value) {
        assertThat(http.exchange("GET", PATH, name, value))
                .satisfies(answer -> assertThat(answer.statusCode()).isEqualTo(400))
                .satisfies(answer -> assertThat(answer.body()).contains(name, value));
    }

    private static List<String> entries(Object... parameters) {
        return matches(http.send("GET", PATH, parameters));
    }

    private static List<String> matches(String page) {
        return ENTRY.matcher(page).results().map(result -> result.group()).toList();
    }

    private static String brief(String entry) {
        return String.join(
                " ",
                field(entry, "kind"),
                field(entry, "ip"),
                field(entry, "protocol"),
                field(entry, "address"),
                field(entry, "cause"));
    }

    private static String field(String json, String name) {
        Matcher field = Pattern.compile("\"" + name + "\":\"?([^\",}]*)").matcher(json);
        return field.find() ? field.group(1) : "0";
    }
}
