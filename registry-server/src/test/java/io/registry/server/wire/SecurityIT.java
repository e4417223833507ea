package io.registry.server.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.server.testkit.Administrator;
import io.registry.server.testkit.RegistryProcess;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers of this protocol have been attacked by, by the numbers of the list of such attacks. */
class SecurityIT {

    private static final String LIST = "/v1/ns/instance/list?serviceName=orders";
    private static final String USERS = "/v3/auth/user/list";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static RegistryProcess server;

    @BeforeAll
    static void start() {
        server = RegistryProcess.start("--registry.access.clients=required", "--registry.access.metrics=required");
        // Whose password was right before is not kept waiting by the floods of others.
        assertThat(asAdministrator(LIST).statusCode()).isEqualTo(200);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void s01AndS05NoHeaderButThoseOfALoginSaysWhoCalls() {
        for (Map.Entry<String, String> header : Map.of(
                        "User-Agent", "Nacos-Server",
                        "serverIdentity", "security",
                        "nacos-server-identity", "nacos",
                        "X-Forwarded-For", "127.0.0.1",
                        "Client-Version", "Nacos-Server:v2.5.1")
                .entrySet()) {
            assertRefused(get(LIST, header.getKey(), header.getValue()), "user not found!");
            assertThat(get(USERS, header.getKey(), header.getValue()).statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void s02WhoCallsItselfAServerIsServedAsAnybody() {
        overriddenStatus("DOWN");
        try {
            HttpResponse<String> list =
                    send(Administrator.request(server.url(LIST)).header("User-Agent", "Nacos-Server:v2.5.1"));

            assertThat(list.statusCode()).isEqualTo(503);
        } finally {
            overriddenStatus("null");
        }
        assertThat(asAdministrator(LIST).statusCode()).isEqualTo(200);
    }

    private static void overriddenStatus(String status) {
        HttpResponse<String> answer = send(Administrator.request(
                        server.url("/v1/ns/operator/switches?entry=overriddenServerStatus&value=" + status))
                .PUT(HttpRequest.BodyPublishers.noBody()));
        assertThat(answer.body()).isEqualTo("ok");
    }

    @Test
    void s03ThereIsNothingThatRunsStatements() {
        for (String path : List.of(
                "/v1/cs/ops/derby?sql=select%201",
                "/v1/cs/ops/data/removal", "/v3/admin/cs/ops/derby?sql=select%201")) {
            assertThat(asAdministrator(path).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void s06TheFirstAdministratorIsThereAndNobodyHasThePasswordThatEverybodyTries() {
        assertThat(post("/v1/auth/users/admin?password=mine-mine").body())
                .isEqualTo("{\"code\":409,\"message\":null,\"data\":\"have admin user cannot use it\"}");
        // 429 where another test has tried too many.
        assertThat(post("/v1/auth/login?username=nacos&password=nacos").statusCode())
                .isIn(403, 429);
        HttpResponse<String> user = send(Administrator.request(server.url("/v3/auth/user?username=u&password=nacos"))
                .POST(HttpRequest.BodyPublishers.noBody()));
        assertThat(user.statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/ns/operator/switches",
                "/v1/ns/operator/push/state",
                "/v1/ns/operator/distro/client",
                "/v1/ns/operator/servers",
                "/v1/ns/instance/statuses?key=x",
                "/v1/ns/service/selector/types",
                "/v1/console/namespaces",
                "/prometheus",
                "/prometheus/namespaceId/public",
                "/actuator/prometheus",
                "/actuator",
                "/actuator/env",
                "/actuator/heapdump",
            })
    void s10WhatShowsMoreThanWhetherTheNodeLivesIsClosed(String path) {
        assertThat(get(path, "x", "y").statusCode()).isIn(403, 404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/ns/operator/metrics",
                "/v1/ns/health/server",
                "/v1/console/server/state",
                "/v1/console/health/readiness",
                "/actuator/health/liveness",
                "/actuator/health/readiness",
            })
    void s10WhatProbesAskIsOpen(String path) {
        assertThat(get(path, "x", "y").statusCode()).isEqualTo(200);
    }

    @Test
    void s11NoCallShowsAHash() {
        for (String path : List.of("/v1/auth/users?pageNo=1&pageSize=10", USERS + "?pageNo=1&pageSize=10")) {
            HttpResponse<String> users = asAdministrator(path);

            assertThat(users.body()).contains("\"nacos\"").doesNotContain("$2");
        }
    }

    @Test
    void s13WhatIsSecretIsInNoLine() {
        String token = post("/v1/auth/login?username=nacos&password=" + password())
                .headers()
                .firstValue("Authorization")
                .orElseThrow()
                .substring("Bearer ".length());
        assertThat(get(LIST + "&accessToken=" + token, "x", "y").statusCode()).isEqualTo(200);
        assertThat(get(LIST + "&username=nacos&password=" + password(), "x", "y")
                        .statusCode())
                .isEqualTo(200);
        assertThat(get(LIST + "&accessToken=" + token + "x", "x", "y").body()).doesNotContain(token);

        assertThat(server.log()).doesNotContain(Administrator.PASSWORD).doesNotContain(token);
    }

    @Test
    void s14TheNameAndPasswordOfANewUserAreNoLogin() {
        HttpResponse<String> answer = post("/v1/auth/users?username=nacos&password=" + password());

        assertRefused(answer, "user not found!");
    }

    /** As an expression it would take longer than anybody waits. */
    @Test
    void s16WhatIsSearchedForIsNoExpression() {
        assertThat(post("/v1/ns/service?serviceName=" + "a".repeat(40) + "!").statusCode())
                .isEqualTo(403);
        Http http = new Http(server);
        http.send("POST", "/v1/ns/service", "serviceName", "a".repeat(40) + "-");

        String found =
                http.send("GET", "/v1/ns/catalog/services", "pageNo", 1, "pageSize", 10, "serviceNameParam", "(a+)+$");

        assertThat(found).contains("\"count\":0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//v3/auth/user/list",
                "/v3//auth/user/list",
                "/v3/auth/user/list;x=y",
                "/v3/auth;x/user/list",
                "/v3/auth/./user/list",
                "/v3/auth/x/../user/list",
                "/v1/ns/health/server/../../../../v3/auth/user/list",
                "/v3%2fauth%2fuser%2flist",
                "/v3/auth/user%2Flist",
                "/v3\\auth\\user\\list",
                "/v3/auth/user/list/",
                "/v3/auth/user/list%20",
                "/%76%33/auth/user/list",
                "/V3/AUTH/USER/LIST",
                "/actuator/health/../prometheus",
                "/actuator/health;/../prometheus",
                "/actuator/health/liveness/..;/prometheus",
                "/actuator//prometheus",
                "/actuator/prometheus/",
                "/actuator/%70rometheus",
            })
    void s17NoFormOfAPathGoesRoundTheDoor(String path) throws IOException {
        String answer = raw("GET /nacos" + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 40").doesNotContain("pageItems").doesNotContain("registry_services");
    }

    @Test
    void s19ThePasswordOfACheckerIsNotKept() {
        Http http = new Http(server);
        http.send("POST", "/v1/ns/service", "serviceName", "s19");
        HttpResponse<String> set = http.exchange(
                "PUT",
                "/v1/ns/cluster",
                "serviceName",
                "s19",
                "clusterName",
                "DEFAULT",
                "checkPort",
                80,
                "useInstancePort4Check",
                true,
                "healthChecker",
                "{\"type\":\"MYSQL\",\"user\":\"u\",\"pwd\":\"a-clear-password\",\"cmd\":\"select 1\"}");

        assertThat(set.body()).doesNotContain("a-clear-password");
        assertThat(http.exchange("GET", "/v1/ns/catalog/service", "serviceName", "s19")
                        .body())
                .doesNotContain("a-clear-password");
        assertThat(server.log()).doesNotContain("a-clear-password");
    }

    /** Whatever address a caller names: pushes go to the one that it calls from. */
    @Test
    void s20NobodyIsPushedToWhoHasNotAsked() throws IOException {
        try (DatagramSocket victim = new DatagramSocket(0, InetAddress.getByName("127.0.0.2"))) {
            victim.setSoTimeout(1_500);
            new Http(server).send("POST", "/v1/ns/instance", "serviceName", "aimed", "ip", "10.0.0.1", "port", 80);
            HttpResponse<String> list = send(Administrator.request(
                            server.url("/v1/ns/instance/list?serviceName=aimed&clientIP=127.0.0.2&udpPort="
                                    + victim.getLocalPort()))
                    .header("User-Agent", "Nacos-Java-Client:v1.4.6"));
            assertThat(list.body()).contains("10.0.0.1");

            assertThatThrownBy(() -> victim.receive(new DatagramPacket(new byte[2048], 2048)))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void s20NobodySubscribesWhoMayNot() {
        HttpResponse<String> list = get(LIST + "&udpPort=9999", "User-Agent", "Nacos-Java-Client:v1.4.6");

        assertRefused(list, "user not found!");
        assertThat(new Http(server).send("GET", "/v1/ns/service/subscribers", "serviceName", "orders"))
                .contains("\"count\":0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/ns/instance/list",
                "/v1/ns/instance?serviceName=a&ip=x&port=y",
                "/v1/ns/catalog/services?pageNo=x&pageSize=y",
                "/v3/admin/ns/service/list?pageNo=-1&pageSize=999999999999",
                "/v2/ns/instance/list?serviceName=%00",
                "/no/such/path",
            })
    void s21NoAnswerShowsTheInsides(String path) {
        HttpResponse<String> answer = asAdministrator(path);

        assertThat(answer.statusCode()).isIn(400, 404);
        assertThat(answer.body()).doesNotContain("Exception", "java.", "io.registry", "springframework", "\tat ");
    }

    /** What others have stored comes as data and never as a page. */
    @Test
    void s22NothingThatIsStoredComesAsAPage() {
        Http http = new Http(server);
        String script = "<script>alert(1)</script>";
        http.exchange("POST", "/v1/console/namespaces", "customNamespaceId", "s22", "namespaceName", script);
        http.send(
                "POST",
                "/v1/ns/instance",
                "serviceName",
                "s22",
                "ip",
                "10.0.0.1",
                "port",
                80,
                "metadata",
                "{\"k\":\"" + script + "\"}");

        for (String path : List.of("/v1/console/namespaces", "/v1/ns/instance/list?serviceName=s22")) {
            assertThat(asAdministrator(path)
                            .headers()
                            .firstValue("Content-Type")
                            .orElse(""))
                    .as(path)
                    .startsWith("application/json");
        }
        assertThat(asAdministrator("/").body()).doesNotContain(script);
        assertThat(asAdministrator("/no" + "%3Cscript%3E").body()).doesNotContain("<script>");
    }

    @Test
    void headersBeyondTheBoundAreRefused() throws IOException {
        String answer = raw("GET /nacos" + USERS + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                + "x".repeat(32 * 1024) + "\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400");
    }

    @Test
    void floodsOfTokensAndOfLoginsLeaveTheNodeToOthers() {
        List<CompletableFuture<HttpResponse<String>>> flood = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            flood.add(HTTP.sendAsync(
                    HttpRequest.newBuilder(server.url("/v1/auth/login?username=user" + i % 40 + "&password=" + i))
                            .POST(HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString()));
            flood.add(HTTP.sendAsync(
                    HttpRequest.newBuilder(server.url(LIST))
                            .header("accessToken", "a.b." + i)
                            .build(),
                    HttpResponse.BodyHandlers.ofString()));
        }

        assertThat(asAdministrator(LIST).statusCode()).isEqualTo(200);
        for (CompletableFuture<HttpResponse<String>> each : flood) {
            assertThat(each.join().statusCode()).isIn(403, 429, 503);
        }
        assertThat(asAdministrator(LIST).statusCode()).isEqualTo(200);
    }

    /** As long as clients need not log in, it is listed who would be refused. */
    @Test
    void whoWouldBeRefusedIsListed() {
        try (RegistryProcess shadow = RegistryProcess.start("--registry.access.clients=report")) {
            Http http = new Http(shadow);
            HttpResponse<String> register =
                    send(HttpRequest.newBuilder(shadow.url("/v1/ns/instance?serviceName=orders&ip=10.0.0.1&port=1"))
                            .POST(HttpRequest.BodyPublishers.noBody()));
            assertThat(register.body()).isEqualTo("ok");
            try (Naming client = Naming.on(shadow.port())) {
                assertThat(client.query("carts").addresses()).isEmpty();
                assertThat(client.query("carts").addresses()).isEmpty();
            }

            String report = http.send("GET", "/v3/admin/core/access/report");
            assertThat(report)
                    .contains("\"count\":3,\"unlisted\":0")
                    .contains("{\"user\":\"\",\"address\":\"127.0.0.1\",\"action\":\"discover\","
                            + "\"resource\":\"public:G1:naming/carts\",\"reason\":\"user not found!\",\"count\":2,")
                    .contains("\"action\":\"register\",\"resource\":\"public:DEFAULT_GROUP:naming/orders\"");
            assertThat(http.send("GET", "/actuator/prometheus")).contains("registry_access_reported_total 3.0");
            http.send("DELETE", "/v3/admin/core/access/report");
            assertThat(http.send("GET", "/v3/admin/core/access/report")).contains("\"refusals\":[]");
        }
    }

    private static String password() {
        return Administrator.PASSWORD.replace(" ", "%20");
    }

    private static void assertRefused(HttpResponse<String> answer, String why) {
        assertThat(answer.body()).contains("\"error\":\"Forbidden\",\"message\":\"" + why + "\"");
        assertThat(answer.statusCode()).isEqualTo(403);
    }

    private static HttpResponse<String> get(String pathAndQuery, String header, String value) {
        return send(HttpRequest.newBuilder(server.url(pathAndQuery)).header(header, value));
    }

    private static HttpResponse<String> asAdministrator(String pathAndQuery) {
        return send(Administrator.request(server.url(pathAndQuery)));
    }

    private static HttpResponse<String> post(String pathAndQuery) {
        return send(HttpRequest.newBuilder(server.url(pathAndQuery)).POST(HttpRequest.BodyPublishers.noBody()));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        return HTTP.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                .join();
    }

    private static String raw(String request) throws IOException {
        URI uri = server.url("");
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            try (InputStream in = socket.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }
}
