package io.registry.server.wire;

import static io.registry.server.wire.Naming.instance;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.Message;
import io.registry.server.testkit.RegistryProcess;
import io.registry.server.testkit.SharedRegistry;
import io.registry.server.testkit.Unique;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** What a protection threshold makes of a service with few healthy instances: items S17 to S19. */
@ExtendWith(SharedRegistry.class)
class ProtectionWireIT {

    private final String service = Unique.name("svc");
    private final Naming client;
    private final Http http;

    ProtectionWireIT(RegistryProcess server) {
        client = Naming.on(server.port());
        http = new Http(server);
    }

    @BeforeEach
    void oneOfThreeIsHealthy() {
        client.batch(service, List.of(instance("10.0.0.1", 1), unhealthy("10.0.0.2"), unhealthy("10.0.0.3")));
    }

    @AfterEach
    void end() {
        client.close();
    }

    @Test
    void s17BelowTheThresholdAllAreShownHealthy() {
        withThreshold("0.5");
        Message answer = client.query(service);

        assertThat(healthy(answer)).containsExactly(true, true, true);
        assertThat(protectionReached(answer)).isTrue();
        assertThat(protectionReached(client.subscribe(service))).isTrue();
    }

    @Test
    void s18HealthyOnlyNeverReachesTheThreshold() {
        withThreshold("0.5");
        Message answer = client.query(service, "", true);

        assertThat(answer.addresses()).containsExactly("10.0.0.1:1");
        assertThat(protectionReached(answer)).isFalse();
    }

    @Test
    void s19WithoutMetadataNothingIsProtected() {
        client.batch(service, List.of(unhealthy("10.0.0.2"), unhealthy("10.0.0.3")));
        Message answer = client.query(service);

        assertThat(healthy(answer)).containsExactly(false, false);
        assertThat(protectionReached(answer)).isFalse();
    }

    @Test
    void aHigherShareOfHealthyInstancesIsShownAsItIs() {
        withThreshold("0.2");
        Message answer = client.query(service);

        assertThat(healthy(answer)).containsExactlyInAnyOrder(true, false, false);
        assertThat(protectionReached(answer)).isFalse();
    }

    private void withThreshold(String threshold) {
        String group = "G1";
        // The service is there already, made by its first registration: an update gives it metadata.
        http.send(
                "PUT",
                "/v2/ns/service",
                "namespaceId",
                "public",
                "groupName",
                group,
                "serviceName",
                service,
                "protectThreshold",
                threshold,
                "ephemeral",
                true);
    }

    private static Map<String, Object> unhealthy(String ip) {
        return instance(ip, 1, "healthy", false);
    }

    private static List<Boolean> healthy(Message answer) {
        return answer.hosts().stream()
                .map((JsonNode host) -> host.required("healthy").asBoolean())
                .toList();
    }

    private static boolean protectionReached(Message answer) {
        return answer.serviceInfo().required("reachProtectionThreshold").asBoolean();
    }
}
