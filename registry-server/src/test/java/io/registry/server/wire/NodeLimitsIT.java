package io.registry.server.wire;

import static io.registry.server.wire.Naming.instance;
import static io.registry.server.wire.WireAssert.ok;
import static io.registry.server.wire.WireAssert.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.Message;
import io.registry.server.testkit.RegistryProcess;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node takes at most, where the limits are set low: each refusal says what there is and what is expected. */
class NodeLimitsIT {

    private static final String NO_MORE_SERVICES = "services of this node: 3 (expected: fewer than 3 to add one)";
    private static final String NO_MORE_INSTANCES = "instances of this node: 4 and 1 more (expected: at most 4)";
    private static final int BODY_BYTES_MAX = 2_048;

    private static RegistryProcess server;
    private static Http http;

    private Naming client;

    @BeforeAll
    static void start() {
        server = RegistryProcess.start(
                "--registry.limits.services=3",
                "--registry.limits.instances=4",
                "--registry.limits.batch=2",
                "--registry.limits.http-body=2KB",
                "--registry.limits.grpc-message=8KB",
                "--registry.empty-service.expire-after=1s");
        http = new Http(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void nothingIsThere() {
        Await.until(
                "no service",
                Duration.ofSeconds(10),
                () -> http.send("GET", "/v1/ns/health/server").contains("total services: 0,"));
        client = Naming.on(server.port());
    }

    @AfterEach
    void end() {
        client.close();
    }

    @Test
    void s23AServiceTooManyIsRefusedOverEveryCallThatWouldMakeOne() {
        for (String service : List.of("one", "two", "three")) {
            ok("InstanceResponse", client.register(service, "10.0.0.1", 1));
        }

        assertRefused(429, NO_MORE_SERVICES, http.post("/v1/ns/instance", "serviceName=four&ip=10.0.0.1&port=1"));
        assertRefused(429, NO_MORE_SERVICES, http.post("/v1/ns/service", "serviceName=four"));
        assertRefused(
                429,
                NO_MORE_SERVICES,
                http.post("/v1/ns/instance", "serviceName=four&ip=10.0.0.1&port=1&ephemeral=false"));
        assertRefused(
                429,
                NO_MORE_SERVICES,
                http.exchange(
                        "PUT",
                        "/v1/ns/instance/beat",
                        "serviceName",
                        "four",
                        "beat",
                        "{\"ip\":\"10.0.0.1\",\"port\":1,\"serviceName\":\"four\",\"cluster\":\"DEFAULT\"}"));
        assertEnvelope(NO_MORE_SERVICES, http.post("/v2/ns/instance", "serviceName=four&ip=10.0.0.1&port=1"));
        assertEnvelope(NO_MORE_SERVICES, http.post("/v2/ns/service", "serviceName=four"));
        assertEnvelope(NO_MORE_SERVICES, http.post("/v3/client/ns/instance", "serviceName=four&ip=10.0.0.1&port=1"));
        assertOver(NO_MORE_SERVICES, "InstanceResponse", client.register("four", "10.0.0.1", 1));
        assertOver(NO_MORE_SERVICES, "InstanceResponse", client.persistent("registerInstance", "four", "10.0.0.1", 1));
        assertOver(NO_MORE_SERVICES, "BatchInstanceResponse", client.batch("four", List.of(instance("10.0.0.1", 1))));

        assertThat(client.list(1, 10).body().required("count").asInt()).isEqualTo(3);
        ok("InstanceResponse", client.register("three", "10.0.0.2", 1));
        assertThat(server.log()).doesNotContain("Exception");
    }

    @Test
    void s23AnInstanceTooManyIsRefusedAndOneInPlaceOfAnotherIsNot() {
        List<Map<String, Object>> two = List.of(instance("10.0.0.1", 1), instance("10.0.0.2", 1));
        ok("BatchInstanceResponse", client.batch("one", two));
        ok("BatchInstanceResponse", client.batch("two", two));

        String form = "groupName=G1&ip=10.0.0.3&port=1&serviceName=one";
        assertRefused(429, NO_MORE_INSTANCES, http.post("/v1/ns/instance", form));
        assertEnvelope(NO_MORE_INSTANCES, http.post("/v2/ns/instance", form));
        assertEnvelope(NO_MORE_INSTANCES, http.post("/v3/client/ns/instance", form));
        assertOver(NO_MORE_INSTANCES, "InstanceResponse", client.register("three", "10.0.0.3", 1));
        assertThat(client.query("one").addresses()).containsExactly("10.0.0.1:1", "10.0.0.2:1");

        ok("BatchInstanceResponse", client.batch("two", List.of(instance("10.0.0.3", 1), instance("10.0.0.4", 1))));
        assertThat(client.query("two").addresses()).containsExactly("10.0.0.3:1", "10.0.0.4:1");
    }

    @Test
    void aPersistentInstanceIsReplacedWhereTheNodeIsFull() {
        for (int i = 1; i <= 4; i++) {
            ok("InstanceResponse", client.persistent("registerInstance", "kept", "10.0.0." + i, 1));
        }

        assertOver(NO_MORE_INSTANCES, "InstanceResponse", client.persistent("registerInstance", "kept", "10.0.0.5", 1));
        ok("InstanceResponse", client.persistent("registerInstance", "kept", "10.0.0.4", 1));
        for (int i = 1; i <= 4; i++) {
            ok("InstanceResponse", client.persistent("deregisterInstance", "kept", "10.0.0." + i, 1));
        }
    }

    @Test
    void aBatchTooLongIsRefusedAndLeavesTheOneBefore() {
        ok("BatchInstanceResponse", client.batch("one", List.of(instance("10.0.0.9", 1))));

        Message answer =
                client.batch("one", List.of(instance("10.0.0.1", 1), instance("10.0.0.2", 1), instance("10.0.0.3", 1)));

        assertThat(refused("BatchInstanceResponse", 400, answer).text("message"))
                .isEqualTo("Param check invalid:Param 'instances' is illegal, the batch has 3 instances, "
                        + "the size should not exceed 2.");
        assertThat(client.query("one").addresses()).containsExactly("10.0.0.9:1");
    }

    @Test
    void aBodyTooLongIsRefusedInTheFormOfTheCall() {
        String form = "serviceName=one&ip=10.0.0.1&port=1&unknown=";
        String longest = form + "x".repeat(BODY_BYTES_MAX - form.length());
        String tooLong = "body too large (expected: at most 2048 bytes)";

        assertThat(http.post("/v1/ns/instance", longest).body()).isEqualTo("ok");
        assertRefused(413, tooLong, http.post("/v1/ns/instance", longest + "x"));
        HttpResponse<String> second = http.post("/v2/ns/instance", longest + "x");
        assertThat(second.statusCode()).isEqualTo(413);
        assertThat(second.body()).contains("\"code\":20002").contains(tooLong);
        assertThat(http.post("/v3/client/ns/instance", longest + "x").body())
                .contains("\"code\":20002")
                .contains(tooLong);

        http.send("DELETE", "/v1/ns/instance", "serviceName", "one", "ip", "10.0.0.1", "port", 1);
    }

    @Test
    void aMessageTooLongEndsItsCallAndNotTheConnection() {
        Map<String, Object> large = instance("10.0.0.1", 1, "unknown", "x".repeat(9_000));

        assertThatThrownBy(() -> client.register("one", large))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
        ok("InstanceResponse", client.register("one", instance("10.0.0.1", 1, "unknown", "x".repeat(7_000))));
    }

    private static void assertRefused(int status, String text, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).isEqualTo(text);
    }

    private static void assertEnvelope(String text, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(429);
        assertThat(answer.body()).isEqualTo("{\"code\":30000,\"message\":\"server error\",\"data\":\"" + text + "\"}");
    }

    private static void assertOver(String text, String type, Message answer) {
        assertThat(refused(type, 503, answer).text("message")).isEqualTo(text);
    }
}
