package io.registry.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.RegistryProcess;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the recordings do not show of namespaces: what is refused, and what outlives the server. */
class NamespaceIT {

    private static final String V1 = "/v1/console/namespaces";
    private static final String V2 = "/v2/console/namespace";
    private static final String V3 = "/v3/admin/core/namespace";

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

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /v1/console/namespaces     | caused: namespace %s has 3 instances (expected: none);
            /v2/console/namespace      | {"code":22000,"message":"illegal namespace","data":"namespace %s has 3 instances (expected: none)"}
            /v3/admin/core/namespace   | {"code":22000,"message":"illegal namespace","data":"namespace %s has 3 instances (expected: none)"}
            /v3/console/core/namespace | {"code":22000,"message":"illegal namespace","data":"namespace %s has 3 instances (expected: none)"}
            """)
    void aNamespaceWithInstancesIsNotDeleted(String path, String refusal) {
        String id = "used" + path.length();
        create(id);
        instance("POST", id, "s1", 1, true);
        instance("POST", id, "s1", 2, true);
        instance("POST", id, "s2", 3, false);

        HttpResponse<String> answer = http.exchange("DELETE", path, "namespaceId", id);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo(refusal.replace("%s", id));
        assertThat(http.send("GET", V2 + "/list")).contains("\"namespace\":\"" + id + "\"");

        instance("DELETE", id, "s1", 1, true);
        instance("DELETE", id, "s1", 2, true);
        assertThat(http.exchange("DELETE", path, "namespaceId", id).body()).contains(id + " has 1 instance (");
        instance("DELETE", id, "s2", 3, false);
        assertThat(http.send("DELETE", path, "namespaceId", id)).contains("true");
        assertThat(http.send("GET", V2 + "/list")).doesNotContain("\"namespace\":\"" + id + "\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /v1/console/namespaces     | caused: namespace public is always there (expected: another one);
            /v2/console/namespace      | {"code":22000,"message":"illegal namespace","data":"namespace public is always there (expected: another one)"}
            /v3/admin/core/namespace   | {"code":22000,"message":"illegal namespace","data":"namespace public is always there (expected: another one)"}
            """)
    void theDefaultNamespaceIsAlwaysThere(String path, String refusal) {
        HttpResponse<String> answer = http.exchange("DELETE", path, "namespaceId", "public");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo(refusal);
        assertThat(http.send("POST", V1, "customNamespaceId", "public", "namespaceName", "mine"))
                .isEqualTo("false");
        http.send("PUT", V2, "namespaceId", "public", "namespaceName", "mine");
        assertThat(http.send("GET", V3, "namespaceId", "public"))
                .contains("\"namespace\":\"public\",\"namespaceShowName\":\"public\"");
    }

    @Test
    void idsNamesAndDescriptionsHaveBounds() {
        refused(
                V1,
                400,
                "Param 'namespaceId/tenant' is illegal, the param length should not exceed 64.",
                "customNamespaceId",
                "x".repeat(65),
                "namespaceName",
                "n");
        refused(
                V2,
                400,
                "Param 'namespaceId/tenant' is illegal, illegal characters should not appear in the param.",
                "namespaceId",
                "a b",
                "namespaceName",
                "n");
        refused(
                V3,
                400,
                "Param 'namespaceShowName' is illegal, the param length should not exceed 256.",
                "namespaceId",
                "bounds",
                "namespaceName",
                "n".repeat(257));
        String description = "Parameter 'namespaceDesc': 257 characters (expected: at most 256)";
        refused(
                V1,
                400,
                description,
                "customNamespaceId",
                "bounds",
                "namespaceName",
                "n",
                "namespaceDesc",
                "d".repeat(257));
        refused(V3, 400, description, "namespaceId", "bounds", "namespaceName", "n", "namespaceDesc", "d".repeat(257));
        assertThat(http.send("GET", V2 + "/list")).doesNotContain("bounds");

        http.send(
                "POST",
                V2,
                "namespaceId",
                "b".repeat(64),
                "namespaceName",
                "n".repeat(256),
                "namespaceDesc",
                "d".repeat(256));

        assertThat(http.send("GET", V2, "namespaceId", "b".repeat(64))).contains("n".repeat(256), "d".repeat(256));
        assertThat(http.exchange(
                                "PUT",
                                V2,
                                "namespaceId",
                                "b".repeat(64),
                                "namespaceName",
                                "n",
                                "namespaceDesc",
                                "d".repeat(257))
                        .body())
                .contains(description);
    }

    @Test
    void namespacesOutliveAKilledServer() {
        try (RegistryProcess other = RegistryProcess.start()) {
            Http calls = new Http(other);
            calls.send("POST", V1, "customNamespaceId", "n1", "namespaceName", "one", "namespaceDesc", "first");
            calls.send("POST", V2, "namespaceId", "n2", "namespaceName", "two");
            calls.send("POST", V3, "namespaceId", "n3", "namespaceName", "three");
            calls.send("PUT", V2, "namespaceId", "n2", "namespaceName", "II");
            calls.send("DELETE", V3, "namespaceId", "n3");
            String before = calls.send("GET", V3 + "/list");
            assertThat(before).contains("\"namespaceShowName\":\"II\"").doesNotContain("n3");

            other.kill();
            other.restart();

            assertThat(calls.send("GET", V3 + "/list")).isEqualTo(before);
        }
    }

    private static void refused(String path, int status, String text, Object... parameters) {
        HttpResponse<String> answer = http.exchange("POST", path, parameters);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(text);
    }

    private static void create(String id) {
        assertThat(http.send("POST", V1, "customNamespaceId", id, "namespaceName", "name"))
                .isEqualTo("true");
    }

    private static void instance(String method, String namespace, String service, int port, boolean ephemeral) {
        http.send(
                method,
                "/v1/ns/instance",
                "namespaceId",
                namespace,
                "serviceName",
                service,
                "ip",
                "10.0.0.1",
                "port",
                port,
                "ephemeral",
                ephemeral);
    }
}
