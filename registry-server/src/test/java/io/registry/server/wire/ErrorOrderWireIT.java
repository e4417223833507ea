package io.registry.server.wire;

import static io.registry.server.wire.Naming.instance;
import static io.registry.server.wire.WireAssert.ok;
import static io.registry.server.wire.WireAssert.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.Message;
import io.registry.server.testkit.RegistryProcess;
import io.registry.server.testkit.SdkConnection;
import io.registry.server.testkit.SharedRegistry;
import io.registry.server.testkit.Unique;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Which of several reasons to refuse a request is told, and in which form: a refusal of the request's content comes
 * in its own answer type, since clients repeat what was answered with {@code ErrorResponse} four times.
 */
@ExtendWith(SharedRegistry.class)
class ErrorOrderWireIT {

    private final SdkConnection fresh;
    private final Naming client;

    ErrorOrderWireIT(RegistryProcess server) {
        fresh = SdkConnection.open(server.port());
        client = Naming.on(server.port());
    }

    @AfterEach
    void end() {
        fresh.close();
        client.close();
    }

    @Test
    void aForbiddenTypeIsForbiddenBeforeItIsUnregistered() {
        refused("ErrorResponse", 502, fresh.request("ServerLoaderInfoRequest", "{}"));
    }

    @Test
    void anUnknownTypeIsUnknownBeforeItIsUnregistered() {
        refused("ErrorResponse", 302, fresh.request("BogusRequest", "not json"));
    }

    @Test
    void anUnregisteredConnectionIsToldSoBeforeItsBodyIsRead() {
        refused("ErrorResponse", 301, fresh.request("InstanceRequest", "not json"));
    }

    @Test
    void aBodyIsReadBeforeItsParametersAreChecked() {
        refused("ErrorResponse", 502, client.connection().request("InstanceRequest", "{\"serviceName\":\"a b\""));
    }

    @Test
    void everyNamingRequestRefusesABadNameInItsOwnType() {
        Map<String, Object> instance = instance("10.0.0.1", 1);
        String bad = "a b";
        refused("InstanceResponse", 400, client.register(bad, instance));
        refused("InstanceResponse", 400, client.deregister(bad, "10.0.0.1", 1));
        refused("BatchInstanceResponse", 400, client.batch(bad, List.of(instance)));
        refused("InstanceResponse", 400, client.persistent("registerInstance", bad, "10.0.0.1", 1));
        refused("QueryServiceResponse", 400, client.query(bad));
        refused("SubscribeServiceResponse", 400, client.subscribe(bad));
        refused("ServiceListResponse", 400, client.group("a b").list(1, 10));
    }

    @Test
    void everyPartOfANameIsChecked() {
        refusedNaming("group", client.group("g g").register("svc", "10.0.0.1", 1));
        refusedNaming("namespaceId", client.namespace("n n").register("svc", "10.0.0.1", 1));
        refusedNaming("serviceName", client.register("x".repeat(513), "10.0.0.1", 1));
        refusedNaming("serviceName", client.register("a@@b", "10.0.0.1", 1));
        refusedNaming("ip", client.register("svc", "10.0.0.1 ", 1));
        refusedNaming("ip", client.register("svc", "1".repeat(129), 1));
        refusedNaming(
                "etadata", client.register("svc", instance("10.0.0.1", 1, "metadata", Map.of("k", "v".repeat(1_024)))));
        refusedNaming("cluster", client.register("svc", instance("10.0.0.1", 1, "clusterName", "c".repeat(65))));
    }

    @Test
    void whatNamesLeaveOutHasADefault() {
        String service = Unique.name("svc");
        String bare = "{\"serviceName\":\"" + service
                + "\",\"type\":\"registerInstance\",\"instance\":{\"ip\":\"10.0.0.1\",\"port\":1}}";
        ok("InstanceResponse", client.connection().request("InstanceRequest", bare));

        assertThat(client.group("DEFAULT_GROUP").query(service).addresses()).containsExactly("10.0.0.1:1");
    }

    @Test
    void aMissingServiceNameIsRefused() {
        Message answer = client.connection()
                .request("InstanceRequest", "{\"type\":\"registerInstance\",\"instance\":{\"ip\":\"1.1.1.1\"}}");

        assertThat(answer.resultCode()).as(answer.toString()).isNotEqualTo(200);
        assertThat(answer.errorCode()).isEqualTo(400);
    }

    @Test
    void refusalsDoNotEndTheConnection() {
        client.connection().request("BogusRequest", "{}");
        client.connection().request("InstanceRequest", "not json");
        client.register("a b", "10.0.0.1", 1);
        client.connection().request("DistroDataRequest", "{}");

        ok("HealthCheckResponse", client.connection().healthCheck());
        assertThat(client.connection().ended()).isFalse();
    }

    @Test
    void aRefusalLeavesWhatWasRegistered() {
        String service = Unique.name("svc");
        client.register(service, "10.0.0.1", 1);
        client.register(service, "10.0.0.1", 70_000);
        client.send("InstanceRequest", service, "type", "registerInstance");

        assertThat(client.query(service).addresses()).containsExactly("10.0.0.1:1");
    }

    private static void refusedNaming(String field, Message answer) {
        assertThat(refused("InstanceResponse", 400, answer).text("message")).contains(field);
    }
}
