package io.registry.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryProcess;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What operators set about instances is theirs: it has a scope and an end, and outlives the server. */
class OverrideIT {

    private static final String PATH = "/v3/admin/ns/override";
    private static final String DONE = "{\"code\":0,\"message\":\"success\",\"data\":\"ok\"}";

    private static RegistryProcess server;
    private static Http http;

    @BeforeAll
    static void start() {
        server = RegistryProcess.start(
                "--registry.override.incarnation-gap=3s",
                "--registry.distro.owner-lease=1s",
                "--registry.distro.snapshot-interval=1s");
        http = new Http(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void whatIsSetOutlivesAKilledServerAndTheInstancesItIsNotAbout() {
        register("kept", false);
        register("passing", true);
        update("kept", 5);
        update("passing", 6);
        set("serviceName", "passing", "scope", "address", "ip", "10.0.0.1", "port", 1, "metadata", "{\"a\":\"1\"}");
        set("serviceName", "kept", "scope", "service", "metadata", "{\"s\":\"1\"}", "expiresAfterSeconds", 3600);
        String kept = list("kept");
        String passing = list("passing");
        assertThat(kept).contains("\"totalCount\":2");
        assertThat(passing).contains("\"totalCount\":2");

        server.kill();
        server.restart();

        assertThat(list("kept")).isEqualTo(kept);
        assertThat(list("passing")).isEqualTo(passing);
        assertThat(instance("kept")).contains("\"weight\":5.0", "\"metadata\":{\"s\":\"1\"}");
        // Nobody beats for the other instance: it leaves, and the time that it may be away goes by.
        Await.until(
                "the incarnation is over",
                Duration.ofSeconds(60),
                () -> list("passing").contains("\"totalCount\":1"));
        register("passing", true);
        assertThat(instance("passing")).contains("\"weight\":1.0", "\"metadata\":{\"a\":\"1\"}");
        assertThat(list("kept")).isEqualTo(kept);
    }

    @Test
    void anOverrideEndsWhenItExpires() {
        register("brief", false);
        set(
                "serviceName",
                "brief",
                "scope",
                "address",
                "ip",
                "10.0.0.1",
                "port",
                1,
                "weight",
                3,
                "expiresAfterSeconds",
                5);
        assertThat(instance("brief")).contains("\"weight\":3.0");
        assertThat(list("brief")).contains("\"expiresAtMillis\":");

        Await.until(
                "it has expired",
                Duration.ofSeconds(30),
                () -> instance("brief").contains("\"weight\":1.0"));

        assertThat(list("brief")).contains("\"totalCount\":0");
    }

    @Test
    void anOverrideIsListedAndRemoved() {
        set(
                "serviceName",
                "later",
                "namespaceId",
                "overrides",
                "scope",
                "address",
                "ip",
                "10.0.0.1",
                "port",
                1,
                "weight",
                0.5);
        assertThat(http.send("GET", PATH + "/list", "namespaceId", "overrides")
                        .replaceAll("Millis\":\\d+", "Millis\":0"))
                .isEqualTo("{\"code\":0,\"message\":\"success\",\"data\":{\"totalCount\":1,\"pageNumber\":1,"
                        + "\"pagesAvailable\":1,\"pageItems\":[{\"namespaceId\":\"overrides\","
                        + "\"groupName\":\"DEFAULT_GROUP\",\"serviceName\":\"later\",\"scope\":\"address\","
                        + "\"ip\":\"10.0.0.1\",\"port\":1,\"weight\":0.5,\"metadata\":{},\"setAtMillis\":0}]}}");

        Object[] which = {
            "serviceName", "later", "namespaceId", "overrides", "scope", "address", "ip", "10.0.0.1", "port", 1
        };
        assertThat(http.send("DELETE", PATH, which)).contains("\"data\":true");
        assertThat(http.send("DELETE", PATH, which)).contains("\"data\":false");

        assertThat(http.send("GET", PATH + "/list", "namespaceId", "overrides")).contains("\"totalCount\":0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            weight=1                                              | 400 | Required parameter 'scope' type String is not present
            scope=pod&weight=1                                    | 400 | Parameter 'scope': pod (expected: incarnation, address or service)
            scope=address&port=1&weight=1                         | 400 | Required parameter 'ip' type String is not present
            scope=address&ip=10.0.0.1&weight=1                    | 400 | Required parameter 'port' type Integer is not present
            scope=address&ip=10.0.0.1&port=70000&weight=1         | 400 | Param 'port' is illegal, the value should be between 0 and 65535.
            scope=address&ip=10.0.0.1&port=1                      | 400 | nothing is set (expected: weight, enabled or metadata)
            scope=address&ip=10.0.0.1&port=1&clusterName=c&weight=1 | 400 | Parameter 'clusterName': c (expected: none with scope=address)
            scope=service&ip=10.0.0.1&weight=1                    | 400 | Parameter 'ip': 10.0.0.1 (expected: none with scope=service)
            scope=service&weight=10001                            | 400 | instance format invalid: The weights range from 0.0 to 10000.0
            scope=service&enabled=maybe                           | 400 | Parameter 'enabled': maybe (expected: true or false)
            scope=service&metadata=%7B                            | 400 | metadata format incorrect:{
            scope=service&weight=1&expiresAfterSeconds=0          | 400 | Parameter 'expiresAfterSeconds': 0 (expected: a whole number from 1 to 315360000)
            scope=service&weight=1&expiresAfterSeconds=soon       | 400 | Parameter 'expiresAfterSeconds': soon (expected: a whole number from 1 to 315360000)
            scope=service&weight=1&expiresAtMillis=1000           | 400 | Parameter 'expiresAtMillis': 1000 (expected: a whole number from
            scope=service&weight=1&expiresAtMillis=9&expiresAfterSeconds=9 | 400 | Parameter 'expiresAfterSeconds': 9 (expected: not beside expiresAtMillis)
            scope=incarnation&ip=10.9.9.9&port=1&weight=1         | 404 | instance 10.9.9.9:1:DEFAULT of DEFAULT_GROUP@@bad is not there (expected: one that is, or scope=address)
            """)
    void whatCannotBeIsRefusedWithValueAndRule(String parameters, int status, String text) {
        HttpResponse<String> answer = http.exchange("PUT", PATH + "?serviceName=bad&" + parameters);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(text);
        assertThat(list("bad")).contains("\"totalCount\":0");
    }

    private static void register(String service, boolean ephemeral) {
        http.send(
                "POST", "/v1/ns/instance", "serviceName", service, "ip", "10.0.0.1", "port", 1, "ephemeral", ephemeral);
    }

    private static void update(String service, double weight) {
        http.send("PUT", "/v1/ns/instance", "serviceName", service, "ip", "10.0.0.1", "port", 1, "weight", weight);
    }

    private static void set(Object... parameters) {
        assertThat(http.send("PUT", PATH, parameters)).isEqualTo(DONE);
    }

    private static String list(String service) {
        return http.send("GET", PATH + "/list", "serviceName", service);
    }

    private static String instance(String service) {
        return http.send("GET", "/v1/ns/instance", "serviceName", service, "ip", "10.0.0.1", "port", 1);
    }
}
