package io.registry.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.RegistryProcess;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What operators and consoles call that the recordings do not: the second paths of a call, which answer as the first, and
 * the levels of the log.
 */
class OperatorPathsIT {

    private static final String DONE = "{\"code\":0,\"message\":\"success\",\"data\":\"ok\"}";
    private static final String TRUE = "{\"code\":0,\"message\":\"success\",\"data\":true}";
    private static final String FALSE = "{\"code\":0,\"message\":\"success\",\"data\":false}";

    private static RegistryProcess server;
    private static Http http;

    @BeforeAll
    static void start() {
        server = RegistryProcess.start();
        http = new Http(server);
        assertThat(http.post("/v1/ns/instance", "serviceName=orders&ip=10.0.0.1&port=1&ephemeral=false")
                        .body())
                .isEqualTo("ok");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/ns/ops/switches, /v1/ns/operator/switches",
        "/v1/ns/ops/push/state, /v1/ns/operator/push/state",
        "/v1/ns/ops/distro/client, /v1/ns/operator/distro/client",
        "/v2/ns/ops/switches, /v2/ns/operator/switches",
        "/v3/console/ns/service, /v3/admin/ns/service",
        "/v3/console/ns/service/list, /v3/admin/ns/service/list",
        "/v3/console/ns/service/subscribers, /v3/admin/ns/service/subscribers",
        "/v3/console/ns/service/selector/types, /v3/admin/ns/service/selector/types",
        "/v3/console/core/namespace/list, /v3/admin/core/namespace/list",
        "/v3/console/core/namespace, /v3/admin/core/namespace",
    })
    void aSecondPathAnswersAsTheFirst(String second, String first) {
        Object[] parameters = {
            "serviceName", "orders", "namespaceId", "public", "pageNo", 1, "pageSize", 10, "serviceNameParam", ""
        };

        HttpResponse<String> answer = http.exchange("GET", second, parameters);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo(http.exchange("GET", first, parameters).body());
    }

    @Test
    void aConsoleKeepsServices() {
        String path = "/v3/console/ns/service";
        assertThat(http.post(path, "serviceName=kept&protectThreshold=0.5").body())
                .isEqualTo(DONE);
        assertThat(http.send("PUT", path, "serviceName", "kept", "protectThreshold", "0.25"))
                .isEqualTo(DONE);
        assertThat(http.send(
                        "PUT",
                        path + "/cluster",
                        "serviceName",
                        "orders",
                        "clusterName",
                        "DEFAULT",
                        "checkPort",
                        81,
                        "useInstancePort4Check",
                        false,
                        "healthChecker",
                        "{\"type\":\"TCP\"}"))
                .isEqualTo(DONE);

        assertThat(http.send("GET", path, "serviceName", "kept")).contains("\"protectThreshold\":0.25");
        assertThat(http.send("GET", path, "serviceName", "orders")).contains("\"type\":\"TCP\"");

        assertThat(http.send("DELETE", path, "serviceName", "kept")).isEqualTo(DONE);
        assertThat(http.exchange("GET", path, "serviceName", "kept").statusCode())
                .isEqualTo(400);
    }

    @Test
    void aConsoleSetsWhatIsSaidAboutAnInstance() {
        assertThat(http.send(
                        "PUT",
                        "/v3/console/ns/instance",
                        "serviceName",
                        "orders",
                        "ip",
                        "10.0.0.1",
                        "port",
                        1,
                        "weight",
                        7,
                        "ephemeral",
                        false))
                .isEqualTo(DONE);

        assertThat(http.send("GET", "/v3/admin/ns/instance", "serviceName", "orders", "ip", "10.0.0.1", "port", 1))
                .contains("\"weight\":7.0");
    }

    @Test
    void aConsoleKeepsNamespaces() {
        String path = "/v3/console/core/namespace";
        assertThat(http.send("GET", path + "/exist", "customNamespaceId", "n7")).isEqualTo(FALSE);
        assertThat(http.post(path, "customNamespaceId=n7&namespaceId=n7&namespaceName=seven")
                        .body())
                .isEqualTo(TRUE);
        assertThat(http.send("GET", path + "/exist", "customNamespaceId", "n7")).isEqualTo(TRUE);
        assertThat(http.send("PUT", path, "namespaceId", "n7", "namespaceName", "VII"))
                .isEqualTo(TRUE);

        assertThat(http.send("GET", path, "namespaceId", "n7")).contains("\"namespaceShowName\":\"VII\"");

        assertThat(http.send("DELETE", path, "namespaceId", "n7")).isEqualTo(TRUE);
        assertThat(http.send("GET", path + "/exist", "customNamespaceId", "n7")).isEqualTo(FALSE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/ns/operator/log",
                "/v1/ns/ops/log",
                "/v2/ns/operator/log",
                "/v2/ns/ops/log",
                "/v3/admin/ns/ops/log"
            })
    void theLevelOfALogIsSet(String path) {
        // What is set is logged by the part for HTTP, so that shows which of its lines are written.
        level(path, "http", "warn");
        long before = lines("part=http level=INFO");
        level(path, "remote", "INFO");
        level(path, "http", "INFO");

        assertThat(lines("part=remote")).isZero();
        assertThat(lines("part=http level=INFO")).isEqualTo(before + 1);
    }

    @Test
    void aLogThatIsNotOursIsRefusedAndSoIsALevelThatIsNone() {
        String text = "Parameter 'logName': com.example.Other (expected: one of http, naming-distro, naming-event,"
                + " naming-main, naming-push, registry, remote)";
        HttpResponse<String> first =
                http.exchange("PUT", "/v1/ns/operator/log", "logName", "com.example.Other", "logLevel", "INFO");
        assertThat(first.statusCode()).isEqualTo(400);
        assertThat(first.body()).isEqualTo(text);
        HttpResponse<String> third =
                http.exchange("PUT", "/v3/admin/ns/ops/log", "logName", "com.example.Other", "logLevel", "INFO");
        assertThat(third.statusCode()).isEqualTo(400);
        assertThat(third.body()).contains(text);

        HttpResponse<String> level =
                http.exchange("PUT", "/v1/ns/operator/log", "logName", "registry", "logLevel", "LOUD");
        assertThat(level.statusCode()).isEqualTo(400);
        assertThat(level.body())
                .isEqualTo("Parameter 'logLevel': LOUD (expected: one of ERROR, WARN, INFO, DEBUG, TRACE)");
        assertThat(http.exchange("PUT", "/v1/ns/operator/log", "logName", "registry")
                        .statusCode())
                .isEqualTo(400);
    }

    private static void level(String path, String name, String level) {
        String answer = http.send("PUT", path, "logName", name, "logLevel", level);
        assertThat(answer).isEqualTo(path.startsWith("/v1/") ? "ok" : DONE);
    }

    private static long lines(String text) {
        return server.log().lines().filter(line -> line.contains(text)).count();
    }
}
