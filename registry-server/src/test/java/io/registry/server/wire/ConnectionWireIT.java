package io.registry.server.wire;

import static io.registry.server.wire.WireAssert.ok;
import static io.registry.server.wire.WireAssert.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.Envelope;
import io.registry.server.testkit.Message;
import io.registry.server.testkit.RegistryProcess;
import io.registry.server.testkit.SdkConnection;
import io.registry.server.testkit.SharedRegistry;
import io.registry.server.testkit.Unique;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transport and connection, the items C01 to C34 that need no server of their own. */
@ExtendWith(SharedRegistry.class)
class ConnectionWireIT {

    private static final String EMPTY = "{\"headers\":{},\"module\":\"internal\"}";

    private final int port;
    private final List<AutoCloseable> opened = new ArrayList<>();

    ConnectionWireIT(RegistryProcess server) {
        port = server.port();
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable connection : opened) {
            connection.close();
        }
    }

    @Test
    void c01TheSdkPortIsTheHttpPortPlusAThousand() {
        SdkConnection connection = opened(SdkConnection.openAt("127.0.0.1", port + 1000));

        ok("ServerCheckResponse", connection.check());
    }

    @Test
    void c02BothCallsExistWithoutAPackage() {
        SdkConnection connection = opened(SdkConnection.open(port));
        ok("ServerCheckResponse", connection.check());
        connection.setup(SdkConnection.SETUP);

        assertThat(connection.awaitPush("SetupAckRequest").type()).isEqualTo("SetupAckRequest");
    }

    @Test
    void c03AnAnswerIsATypeAndJsonText() {
        Message answer = opened(SdkConnection.open(port)).check();

        assertThat(answer.envelope().type()).isEqualTo("ServerCheckResponse");
        assertThat(answer.envelope().typeUrl()).isEmpty();
        assertThat(answer.envelope().headers()).isEmpty();
        assertThat(answer.envelope().clientIp()).isEmpty();
        assertThat(answer.body().isObject()).isTrue();
    }

    @Test
    void c03TheRecordedBytesOfACheckAreUnderstood() {
        byte[] recorded = HexFormat.of()
                .parseHex("121f1a12536572766572436865636b5265717565737442093139322e302e322e32"
                        + "1a2412227b2268656164657273223a7b7d2c226d6f64756c65223a22696e7465726e616c227d");

        ok("ServerCheckResponse", opened(SdkConnection.open(port)).request(recorded));
    }

    @Test
    void c04ACheckTellsTheConnectionAndOffersNegotiation() {
        Message answer =
                ok("ServerCheckResponse", opened(SdkConnection.open(port)).check());

        assertThat(answer.text("connectionId")).isNotEmpty();
        assertThat(answer.body().required("supportAbilityNegotiation").asBoolean())
                .isTrue();
        assertThat(answer.body().required("success").asBoolean()).isTrue();
        assertThat(answer.errorCode()).isZero();
    }

    @Test
    void c05TheConnectionKeepsItsId() {
        SdkConnection connection = opened(SdkConnection.open(port));

        assertThat(connection.check().text("connectionId"))
                .isEqualTo(connection.check().text("connectionId"));
    }

    @Test
    void c06EveryTransportHasAnIdOfItsOwn() {
        SdkConnection first = opened(SdkConnection.open(port));
        SdkConnection second = opened(SdkConnection.open(port));

        assertThat(first.check().text("connectionId"))
                .isNotEqualTo(second.check().text("connectionId"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"not json", "", "null", "[]", "{"})
    void c07TheBodyOfACheckIsNotRead(String body) {
        ok("ServerCheckResponse", opened(SdkConnection.open(port)).request("ServerCheckRequest", body));
    }

    @Test
    void c08BeforeSetupAHealthCheckIsRefused() {
        Message answer =
                refused("ErrorResponse", 301, opened(SdkConnection.open(port)).healthCheck());

        assertThat(answer.resultCode()).isEqualTo(500);
        assertThat(answer.body().required("success").asBoolean()).isFalse();
    }

    @Test
    void c09BeforeSetupNothingIsRegistered() {
        SdkConnection connection = opened(SdkConnection.open(port));
        Naming unregistered = new Naming(connection, "public", "G1");
        String service = Unique.name("svc");

        refused("ErrorResponse", 301, unregistered.register(service, "10.0.0.1", 1));
        assertThat(opened(Naming.on(port)).query(service).hosts()).isEmpty();
    }

    @Test
    void c10AnUnknownTypeIsUnknownEvenBeforeSetup() {
        Message answer =
                refused("ErrorResponse", 302, opened(SdkConnection.open(port)).request("BogusRequest", EMPTY));

        assertThat(answer.resultCode()).isEqualTo(500);
    }

    @Test
    void c11ASetupWithAbilitiesIsAcknowledged() {
        SdkConnection connection = opened(SdkConnection.open(port));
        connection.check();
        connection.setup(SdkConnection.SETUP);

        Message ack = connection.awaitPush("SetupAckRequest");
        assertThat(ack.body().required("abilityTable").isObject()).isTrue();
        assertThat(ack.body()
                        .required("abilityTable")
                        .required("supportPersistentInstanceByGrpc")
                        .asBoolean())
                .isTrue();
        assertThat(ack.body().required("abilityTable").required("fuzzyWatch").asBoolean())
                .isTrue();
        assertThat(ack.body().required("module").asString()).isEqualTo("internal");
    }

    @Test
    void c12ASetupWithoutAbilitiesIsNotAnswered() {
        SdkConnection connection = opened(SdkConnection.open(port));
        connection.check();
        connection.setup(SdkConnection.SETUP_WITHOUT_ABILITIES);

        assertThat(connection.pushes().poll(Duration.ofSeconds(2), any -> true)).isNull();
        ok("HealthCheckResponse", connection.healthCheck());
        Naming client = new Naming(connection, "public", "G1");
        ok("InstanceResponse", client.register(Unique.name("svc"), "10.0.0.1", 1));
    }

    @Test
    void c13WhatASetupSaysBeyondTheKnownIsAccepted() {
        SdkConnection connection = opened(SdkConnection.open(port));
        connection.check();
        connection.setup("""
                {"headers":{},"clientVersion":"Other-Client:v9","labels":{"source":"sdk","module":"naming",
                "app_zone":"z1","unknown":"x"},"abilityTable":{"telepathy":true,"fuzzyWatch":false},
                "tenant":null,"future":{"deep":[1,{"a":null}]},"module":"internal"}""");

        connection.awaitPush("SetupAckRequest");
        ok("HealthCheckResponse", connection.healthCheck());
    }

    @Test
    void c14ASecondSetupIsAcknowledgedAndChangesNothing() {
        Naming client = opened(Naming.on(port));
        String service = Unique.name("svc");
        client.register(service, "10.0.0.1", 1);
        client.connection().setup(SdkConnection.SETUP);
        client.connection().awaitPush("SetupAckRequest");

        ok("HealthCheckResponse", client.connection().healthCheck());
        assertThat(client.query(service).addresses()).containsExactly("10.0.0.1:1");
    }

    @Test
    void c15RightAfterTheAckRequestsAreServed() {
        for (int i = 0; i < 50; i++) {
            ok("HealthCheckResponse", opened(SdkConnection.register(port)).healthCheck());
        }
    }

    @Test
    void c16AHealthCheckSucceeds() {
        Message answer =
                ok("HealthCheckResponse", opened(SdkConnection.register(port)).healthCheck());

        assertThat(answer.errorCode()).isZero();
        assertThat(answer.body().required("success").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"not json", "", "[]", "17", "\"text\"", "{\"type\":", "{\"a\":1}}"})
    void c17ABodyThatCannotBeReadIsRefusedAndTheConnectionStays(String body) {
        SdkConnection connection = opened(SdkConnection.register(port));

        refused("ErrorResponse", 502, connection.request("InstanceRequest", body));
        ok("HealthCheckResponse", connection.healthCheck());
    }

    @Test
    void c18ASetupIsNoUnaryRequest() {
        SdkConnection connection = opened(SdkConnection.register(port));

        refused("ErrorResponse", 302, connection.request("ConnectionSetupRequest", SdkConnection.SETUP));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ServerLoaderInfoRequest",
                "ServerReloadRequest",
                "DistroDataRequest",
                "MemberReportRequest",
                "ConfigChangeClusterSyncRequest"
            })
    void c19WhatServersSayToEachOtherIsForbiddenHere(String type) {
        SdkConnection connection = opened(SdkConnection.register(port));

        Message answer = refused("ErrorResponse", 502, connection.request(type, EMPTY));
        assertThat(answer.text("message")).contains(type);
    }

    @Test
    void c20UnknownPropertiesAreIgnoredAtEveryLevel() {
        Naming client = opened(Naming.on(port));
        String service = Unique.name("svc");
        String body = "{\"headers\":{\"a\":\"b\"},\"x\":[{}],\"namespace\":\"public\",\"serviceName\":\"" + service
                + "\",\"groupName\":\"G1\",\"type\":\"registerInstance\",\"requestId\":null,\"instance\":{\"ip\":"
                + "\"10.0.0.1\",\"port\":1,\"y\":{\"z\":[1.5e3,true,null]},\"metadata\":{\"k\":\"v\"},\"weight\":1}}";

        ok("InstanceResponse", client.connection().request("InstanceRequest", body));
        assertThat(client.query(service).addresses()).containsExactly("10.0.0.1:1");
    }

    @Test
    void c20UnknownFieldsOfTheEnvelopeAreSkipped() {
        SdkConnection connection = opened(SdkConnection.register(port));
        byte[] known =
                Envelope.of("HealthCheckRequest", Map.of(), "192.0.2.2", EMPTY).encoded();
        // Field 15 as a number, field 16 as a long one, field 17 as text, field 18 as a short one.
        byte[] unknown = HexFormat.of().parseHex("7805" + "81010102030405060708" + "8a0103616263" + "950101020304");
        byte[] both = new byte[known.length + unknown.length];
        System.arraycopy(unknown, 0, both, 0, unknown.length);
        System.arraycopy(known, 0, both, unknown.length, known.length);

        ok("HealthCheckResponse", connection.request(both));
    }

    @Test
    void c26ACutTransportTakesItsInstancesWithIt() {
        Naming observer = opened(Naming.on(port));
        Naming client = opened(Naming.on(port));
        String service = Unique.name("svc");
        client.register(service, "10.0.0.1", 1);
        observer.subscribe(service);
        client.close();

        observer.awaitNotify(service, push -> push.hosts().isEmpty());
        assertThat(observer.query(service).hosts()).isEmpty();
    }

    @Test
    void c27AHalfClosedStreamAndAClosedTransportAreAnEnd() {
        Naming observer = opened(Naming.on(port));
        Naming client = opened(Naming.on(port));
        String service = Unique.name("svc");
        client.register(service, "10.0.0.1", 1);
        observer.subscribe(service);
        client.connection().halfClose();
        client.close();

        observer.awaitNotify(service, push -> push.hosts().isEmpty());
    }

    @Test
    void c27TheSubscriptionsOfAnEndedConnectionEndToo() {
        Naming client = opened(Naming.on(port));
        String service = Unique.name("svc");
        client.subscribe(service);
        client.close();
        Naming next = opened(Naming.on(port));
        next.register(service, "10.0.0.1", 1);

        assertThat(next.pushes().poll(Duration.ofSeconds(1), any -> true)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "my-laptop.example", "::1", "not an address at all"})
    void c32TheClientIpOfASetupMayBeAnything(String clientIp) {
        SdkConnection connection = opened(SdkConnection.open(port));
        connection.check();
        connection.openStream();
        connection.send(Envelope.of("ConnectionSetupRequest", Map.of(), clientIp, SdkConnection.SETUP)
                .encoded());

        connection.awaitPush("SetupAckRequest");
        ok("HealthCheckResponse", connection.healthCheck());
    }

    @Test
    void c33TwoConnectionsOfOneProcessAreTwoClients() {
        Naming first = opened(Naming.on(port));
        Naming second = opened(Naming.on(port));
        String service = Unique.name("svc");
        first.register(service, "10.0.0.1", 1);
        second.register(service, "10.0.0.2", 2);
        assertThat(first.query(service).addresses()).containsExactly("10.0.0.1:1", "10.0.0.2:2");
        first.deregister(service, "10.0.0.1", 1);

        assertThat(second.query(service).addresses()).containsExactly("10.0.0.2:2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"config", "lock", "ai"})
    void c34ConnectionsForOtherModulesAreAccepted(String module) {
        SdkConnection connection = opened(SdkConnection.open(port));
        ok("ServerCheckResponse", connection.check());
        connection.setup("{\"clientVersion\":\"Nacos-Java-Client:v3.2.1\",\"labels\":{\"source\":\"sdk\",\"module\":\""
                + module + "\"},\"abilityTable\":{\"agent\":true,\"fuzzyWatch\":true,\"lock\":true,\"mcp\":true}}");

        connection.awaitPush("SetupAckRequest");
        ok("HealthCheckResponse", connection.healthCheck());
        refused("ErrorResponse", 302, connection.request("ConfigQueryRequest", EMPTY));
    }

    @Test
    void closingAndOpeningManyTimesLeavesNothing() {
        String service = Unique.name("svc");
        Naming observer = opened(Naming.on(port));
        observer.subscribe(service);
        for (int i = 0; i < 30; i++) {
            try (Naming passing = Naming.on(port)) {
                ok("InstanceResponse", passing.register(service, "10.0.0." + i, 1));
            }
        }

        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!observer.query(service).hosts().isEmpty() && System.nanoTime() < deadline) {
            observer.pushes().poll(Duration.ofMillis(200), any -> true);
        }
        assertThat(observer.query(service).hosts()).isEmpty();
    }

    private <T extends AutoCloseable> T opened(T connection) {
        opened.add(connection);
        return connection;
    }
}
