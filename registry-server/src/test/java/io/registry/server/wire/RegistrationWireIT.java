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
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Registration, items R01 to R30. */
@ExtendWith(SharedRegistry.class)
class RegistrationWireIT {

    private final String service = Unique.name("svc");
    private final int port;
    private final Naming client;
    private final Naming observer;

    RegistrationWireIT(RegistryProcess server) {
        port = server.port();
        client = Naming.on(port);
        observer = Naming.on(port);
    }

    @BeforeEach
    void unknownAtFirst() {
        assertThat(observer.query(service).hosts()).isEmpty();
    }

    @AfterEach
    void end() {
        client.close();
        observer.close();
    }

    @Test
    void r01RegisterEchoesTheOperation() {
        Message answer = ok("InstanceResponse", client.register(service, "10.0.0.1", 80));

        assertThat(answer.text("type")).isEqualTo("registerInstance");
        assertThat(addresses()).containsExactly("10.0.0.1:80");
    }

    @Test
    void r02RegisteringTwiceLeavesOneInstance() {
        client.register(service, "10.0.0.1", 80);
        ok("InstanceResponse", client.register(service, "10.0.0.1", 80));

        assertThat(addresses()).containsExactly("10.0.0.1:80");
    }

    @Test
    void r03AnotherAddressReplacesTheFirst() {
        client.register(service, "10.0.0.1", 80);
        ok("InstanceResponse", client.register(service, "10.0.0.2", 81));

        assertThat(addresses()).containsExactly("10.0.0.2:81");
    }

    @Test
    void r04AChangedWeightReplacesAndIsPushed() {
        client.register(service, "10.0.0.1", 80);
        observer.subscribe(service);
        ok("InstanceResponse", client.register(service, instance("10.0.0.1", 80, "weight", 2.5)));

        assertThat(hosts())
                .singleElement()
                .satisfies(
                        host -> assertThat(host.required("weight").asDouble()).isEqualTo(2.5));
        observer.awaitNotify(
                service, push -> push.hosts().get(0).required("weight").asDouble() == 2.5);
    }

    @Test
    void r05OneConnectionPublishesManyServices() {
        String other = Unique.name("svc");
        client.register(service, "10.0.0.1", 80);
        client.register(other, "10.0.0.1", 80);

        assertThat(addresses()).containsExactly("10.0.0.1:80");
        assertThat(observer.query(other).addresses()).containsExactly("10.0.0.1:80");
    }

    @Test
    void r06DeregistrationDoesNotLookAtTheAddress() {
        client.register(service, "10.0.0.1", 80);
        Message answer = ok("InstanceResponse", client.deregister(service, "10.9.9.9", 9));

        assertThat(answer.text("type")).isEqualTo("deregisterInstance");
        assertThat(addresses()).isEmpty();
    }

    @Test
    void r07DeregisteringNothingSucceeds() {
        observer.register(service, "10.0.0.1", 80);
        ok("InstanceResponse", client.deregister(service, "10.0.0.1", 80));

        assertThat(addresses()).as("what another connection publishes").containsExactly("10.0.0.1:80");
    }

    @Test
    void r08DeregisteringFromAnUnknownServiceSucceeds() {
        ok("InstanceResponse", client.deregister(Unique.name("unknown"), "10.0.0.1", 80));
    }

    @Test
    void r09ABatchIsRegisteredWhole() {
        Message answer = ok("BatchInstanceResponse", twoAsBatch());

        assertThat(answer.text("type")).isEqualTo("batchRegisterInstance");
        assertThat(addresses()).containsExactly("10.0.1.1:1", "10.0.1.2:2");
    }

    @Test
    void r10ABatchReplacesTheBatchBefore() {
        twoAsBatch();
        ok("BatchInstanceResponse", client.batch(service, List.of(instance("10.0.1.2", 2))));

        assertThat(addresses()).containsExactly("10.0.1.2:2");
    }

    @Test
    void r11AnEmptyBatchLeavesNothing() {
        twoAsBatch();
        ok("BatchInstanceResponse", client.batch(service, List.of()));

        assertThat(addresses()).isEmpty();
    }

    @Test
    void r12ASingleRegistrationReplacesTheBatch() {
        twoAsBatch();
        ok("InstanceResponse", client.register(service, "10.0.1.9", 9));

        assertThat(addresses()).containsExactly("10.0.1.9:9");
    }

    @Test
    void r13ASingleDeregistrationRemovesTheBatch() {
        twoAsBatch();
        ok("InstanceResponse", client.deregister(service, "10.0.1.1", 1));

        assertThat(addresses()).isEmpty();
    }

    @Test
    void r14WhatTheRequestLeavesOutIsFilledIn() {
        client.register(service, "10.0.0.1", 80);

        JsonNode host = onlyHost();
        assertThat(host.required("clusterName").asString()).isEqualTo("DEFAULT");
        assertThat(host.required("serviceName").asString()).isEqualTo("G1@@" + service);
        assertThat(host.required("instanceId").asString()).isEqualTo("10.0.0.1#80#DEFAULT#G1@@" + service);
    }

    @Test
    void r15TheSnowflakeGeneratorMakesANumber() {
        client.register(
                service, instance("10.0.0.1", 80, "metadata", Map.of("preserved.instance.id.generator", "snowflake")));

        assertThat(onlyHost().required("instanceId").asString()).matches("\\d+#\\w+#G1@@" + service);
        assertThat(onlyHost().required("instanceId").asString())
                .as("the same at the next look")
                .isEqualTo(onlyHost().required("instanceId").asString());
    }

    @Test
    void r16TheApplicationsOwnIdIsKept() {
        client.register(service, instance("10.0.0.1", 80, "instanceId", "mine"));

        assertThat(onlyHost().required("instanceId").asString()).isEqualTo("mine");
    }

    @Test
    void r17ADisabledInstanceIsNowhereToBeSeen() {
        observer.subscribe(service);
        client.register(service, "10.0.0.1", 80);
        observer.awaitNotify(service, "10.0.0.1:80");
        client.register(service, instance("10.0.0.1", 80, "enabled", false));

        assertThat(addresses()).isEmpty();
        observer.awaitNotify(service);
        assertThat(client.subscribe(service).hosts()).isEmpty();
    }

    @Test
    void r18WeightZeroAndUnhealthyAreShownAsTheyAre() {
        client.batch(
                service, List.of(instance("10.0.0.1", 80, "weight", 0), instance("10.0.0.2", 80, "healthy", false)));

        assertThat(addresses()).containsExactly("10.0.0.1:80", "10.0.0.2:80");
        assertThat(host("10.0.0.1").required("weight").asDouble()).isZero();
        assertThat(host("10.0.0.1").required("healthy").asBoolean()).isTrue();
        assertThat(host("10.0.0.2").required("healthy").asBoolean()).isFalse();
    }

    @Test
    void r19DefaultsOfABareInstance() {
        ok("InstanceResponse", client.register(service, Map.of("ip", "10.0.0.1", "port", 80)));

        JsonNode host = onlyHost();
        assertThat(host.required("weight").asDouble()).isEqualTo(1.0);
        assertThat(host.required("healthy").asBoolean()).isTrue();
        assertThat(host.required("enabled").asBoolean()).isTrue();
        assertThat(host.required("ephemeral").asBoolean()).isTrue();
        assertThat(host.required("metadata").isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {70_000, 65_536, -1, Integer.MAX_VALUE})
    void r20APortOutOfRangeIsRefused(int wrong) {
        Message answer = refused("InstanceResponse", 400, client.register(service, "10.0.0.1", wrong));

        assertThat(answer.text("message"))
                .contains("Param 'port' is illegal, the value should be between 0 and 65535.");
        assertThat(addresses()).isEmpty();
    }

    @Test
    void r21AServiceNameWithABlankIsRefused() {
        Message answer = refused("InstanceResponse", 400, client.register("a b", "10.0.0.1", 80));

        assertThat(answer.text("message")).contains("serviceName");
    }

    @Test
    void r22AnUnknownOperationIsRefused() {
        Message answer = client.send("InstanceRequest", service, "type", "bogus", "instance", instance("10.0.0.1", 80));

        assertThat(answer.errorCode()).as(answer.toString()).isEqualTo(400);
        assertThat(answer.resultCode()).isNotEqualTo(200);
        assertThat(answer.text("message")).contains("bogus");
        assertThat(addresses()).isEmpty();
    }

    @Test
    void r23AMissingInstanceIsRefusedAndTheConnectionStays() {
        Message answer = client.send("InstanceRequest", service, "type", "registerInstance");

        assertThat(answer.errorCode()).as(answer.toString()).isEqualTo(400);
        assertThat(answer.resultCode()).isNotEqualTo(200);
        ok("InstanceResponse", client.register(service, "10.0.0.1", 80));
    }

    @Test
    void r24APersistentInstanceSurvivesItsConnection() {
        Naming passing = Naming.on(port);
        Message answer = ok("InstanceResponse", passing.persistent("registerInstance", service, "10.0.2.1", 9000));
        passing.close();

        assertThat(answer.text("type")).isEqualTo("registerInstance");
        assertThat(onlyHost().required("ephemeral").asBoolean()).isFalse();
        observer.subscribe(service);
        observer.awaitNotify(service, "10.0.2.1:9000");
        observer.expectNoNotify(service, Duration.ofSeconds(1));
        assertThat(addresses()).containsExactly("10.0.2.1:9000");
        client.persistent("deregisterInstance", service, "10.0.2.1", 9000);
    }

    @Test
    void r25APersistentInstanceCanBeDeregisteredByAnybody() {
        client.persistent("registerInstance", service, "10.0.2.1", 9000);
        Message answer = ok("InstanceResponse", observer.persistent("deregisterInstance", service, "10.0.2.1", 9000));

        assertThat(answer.text("type")).isEqualTo("deregisterInstance");
        assertThat(addresses()).isEmpty();
    }

    @Test
    void r26AnEphemeralServiceTakesNoPersistentInstance() {
        client.register(service, "10.0.0.1", 80);
        Message answer = client.persistent("registerInstance", service, "10.0.2.1", 9000);

        assertThat(answer.errorCode()).as(answer.toString()).isEqualTo(400);
        assertThat(answer.resultCode()).isNotEqualTo(200);
        assertThat(addresses()).containsExactly("10.0.0.1:80");
    }

    @Test
    void r26APersistentServiceTakesNoEphemeralInstance() {
        client.persistent("registerInstance", service, "10.0.2.1", 9000);
        Message answer = client.register(service, "10.0.0.1", 80);

        assertThat(answer.errorCode()).as(answer.toString()).isEqualTo(400);
        assertThat(answer.resultCode()).isNotEqualTo(200);
        assertThat(addresses()).containsExactly("10.0.2.1:9000");
        client.persistent("deregisterInstance", service, "10.0.2.1", 9000);
    }

    @Test
    void r27MetadataComesBackAsItWas() {
        Map<String, String> metadata = new LinkedHashMap<>();
        for (int i = 0; i < 199; i++) {
            metadata.put("k" + i, "");
        }
        metadata.put("名前 \"quoted\" \\ \u0001\n", "värde \uD83D\uDE00 <&> \u2028");
        ok("InstanceResponse", client.register(service, instance("10.0.0.1", 80, "metadata", metadata)));

        Map<String, String> seen = new LinkedHashMap<>();
        onlyHost()
                .required("metadata")
                .properties()
                .forEach(e -> seen.put(e.getKey(), e.getValue().asString()));
        assertThat(seen).isEqualTo(metadata);
    }

    @Test
    void r28EqualInstancesOfTwoConnectionsAreOneEntry() {
        client.register(service, "10.0.0.1", 80);
        observer.register(service, "10.0.0.1", 80);

        assertThat(addresses()).containsExactly("10.0.0.1:80");
    }

    @Test
    void r29TheEntryStaysWhenOneOfTwoConnectionsEnds() {
        Naming second = Naming.on(port);
        second.register(service, "10.0.0.1", 80);
        String marker = Unique.name("svc");
        second.register(marker, "10.0.0.9", 9);
        client.register(service, "10.0.0.1", 80);
        observer.subscribe(marker);
        second.close();

        observer.awaitNotify(marker);
        assertThat(addresses()).containsExactly("10.0.0.1:80");
    }

    @Test
    void r30TheSameRequestTwiceInParallelSucceedsTwice() {
        SdkConnection connection = client.connection();
        String body = client.body(service, "type", "registerInstance", "instance", instance("10.0.0.1", 80));
        CompletableFuture<Message> first = connection.requestAsync("InstanceRequest", body);
        CompletableFuture<Message> second = connection.requestAsync("InstanceRequest", body);

        ok("InstanceResponse", first.join());
        ok("InstanceResponse", second.join());
        assertThat(addresses()).containsExactly("10.0.0.1:80");
    }

    @Test
    void refusedBatchLeavesWhatWasThere() {
        twoAsBatch();
        refused(
                "BatchInstanceResponse",
                400,
                client.batch(service, List.of(instance("10.0.1.3", 3), instance("10.0.1.4", 70_000))));

        assertThat(addresses()).containsExactly("10.0.1.1:1", "10.0.1.2:2");
    }

    private Message twoAsBatch() {
        return client.batch(service, List.of(instance("10.0.1.1", 1), instance("10.0.1.2", 2)));
    }

    private List<JsonNode> hosts() {
        return ok("QueryServiceResponse", observer.query(service)).hosts();
    }

    private JsonNode onlyHost() {
        List<JsonNode> hosts = hosts();
        assertThat(hosts).hasSize(1);
        return hosts.get(0);
    }

    private JsonNode host(String ip) {
        return hosts().stream()
                .filter(host -> host.required("ip").asString().equals(ip))
                .findFirst()
                .orElseThrow();
    }

    private List<String> addresses() {
        return ok("QueryServiceResponse", observer.query(service)).addresses();
    }
}
