package io.registry.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroConfig;
import io.registry.server.core.CoreFixture;
import org.junit.jupiter.api.Test;

class ConnectionManagerTest {

    private static final ServiceKey SERVICE = CoreFixture.service("orders");

    @Test
    void setupIsAnsweredWithTheAbilitiesOfThisServer() {
        GrpcFixture node = new GrpcFixture(GrpcConfig.Limits.DEFAULTS);

        GrpcFixture.Client client = node.connect();

        assertThat(client.connection().registered()).isTrue();
        assertThat(client.stream().call().types()).containsExactly("SetupAckRequest");
        assertThat(client.stream().lastBody())
                .isEqualTo("{\"headers\":{},\"abilityTable\":{\"supportPersistentInstanceByGrpc\":true,"
                        + "\"fuzzyWatch\":true},\"module\":\"internal\"}");
    }

    @Test
    void clientThatDoesNotNegotiateIsToldNothing() {
        GrpcFixture node = new GrpcFixture(GrpcConfig.Limits.DEFAULTS);
        Connection connection = node.open();
        GrpcFixture.Stream stream = node.stream(connection);

        stream.say("ConnectionSetupRequest", "{\"clientVersion\":\"old\",\"labels\":{}}");

        assertThat(connection.registered()).isTrue();
        assertThat(stream.call().sent).isEmpty();
    }

    @Test
    void secondSetupIsAnsweredAndChangesNothing() {
        GrpcFixture node = new GrpcFixture(GrpcConfig.Limits.DEFAULTS);
        GrpcFixture.Client client = node.connect();

        client.stream().say("ConnectionSetupRequest", GrpcFixture.SETUP);

        assertThat(client.stream().call().types()).containsExactly("SetupAckRequest", "SetupAckRequest");
        assertThat(node.manager.count()).isEqualTo(1);
    }

    @Test
    void clientAboveTheTotalIsRefusedAtItsCheckAndAtItsSetup() {
        GrpcFixture node = new GrpcFixture(GrpcFixture.limits(1, 9, 9, 9));
        node.connect();
        Connection second = node.open();
        GrpcFixture.Stream stream = node.stream(second);

        String refusal = node.manager.refusal(second);
        stream.say("ConnectionSetupRequest", GrpcFixture.SETUP);

        assertThat(refusal).isEqualTo("connections: 1 (expected: fewer than 1)");
        assertThat(ended(stream).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(node.closed).containsExactly(second.remote());
        assertThat(node.manager.count()).isEqualTo(1);
    }

    @Test
    void clientAboveTheLimitOfItsAddressIsRefused() {
        GrpcFixture node = new GrpcFixture(GrpcFixture.limits(9, 1, 9, 9));
        node.connect();

        String refusal = node.manager.refusal(node.open());

        assertThat(refusal).isEqualTo("connections from 127.0.0.1: 1 (expected: fewer than 1)");
    }

    @Test
    void placeOfAClientThatHasGoneIsFreeAgain() {
        GrpcFixture node = new GrpcFixture(GrpcFixture.limits(9, 9, 1, 9));
        GrpcFixture.Client first = node.connect();
        GrpcFixture.Client refused = node.connect();

        node.manager.closed(first.connection());
        GrpcFixture.Client third = node.connect();

        assertThat(ended(refused.stream()).getDescription())
                .isEqualTo("connections of application app: 1 (expected: fewer than 1)");
        assertThat(third.connection().registered()).isTrue();
    }

    @Test
    void transportAboveThePendingOnesIsClosed() {
        GrpcFixture node = new GrpcFixture(GrpcFixture.limits(9, 9, 9, 1));
        node.open();

        Connection second = node.open();

        assertThat(node.closed).containsExactly(second.remote());
        assertThat(node.manager.transports()).isEqualTo(1);
    }

    @Test
    void instancesLeaveWithTheTransportAtOnce() {
        GrpcFixture node = new GrpcFixture(GrpcConfig.Limits.DEFAULTS);
        GrpcFixture.Client client = registered(node);

        node.manager.closed(client.connection());

        assertThat(node.core.shown(SERVICE)).isEmpty();
        assertThat(node.manager.count()).isZero();
    }

    @Test
    void instancesLeaveWithTheStreamAtOnce() {
        GrpcFixture node = new GrpcFixture(GrpcConfig.Limits.DEFAULTS);
        GrpcFixture.Client client = registered(node);

        client.stream().listener().onHalfClose();
        node.manager.closed(client.connection());

        assertThat(node.core.shown(SERVICE)).isEmpty();
        assertThat(ended(client.stream()).isOk()).isTrue();
    }

    @Test
    void instancesOfAClientThatWasToldToMoveStayAMoment() {
        GrpcFixture node = new GrpcFixture(GrpcConfig.Limits.DEFAULTS);
        GrpcFixture.Client client = registered(node);

        boolean told = node.manager.reset(client.connection().client(), null, 0);
        node.manager.closed(client.connection());

        assertThat(told).isTrue();
        assertThat(client.stream().call().types()).containsExactly("SetupAckRequest", "ConnectResetRequest");
        assertThat(node.core.shown(SERVICE)).containsExactly("10.0.0.1:80");
        node.core.time.advance(DistroConfig.defaults().drainGrace());
        assertThat(node.core.shown(SERVICE)).isEmpty();
    }

    @Test
    void stoppingNodeTellsItsClientsAndTakesNoNewOnes() {
        GrpcFixture node = new GrpcFixture(GrpcConfig.Limits.DEFAULTS);
        GrpcFixture.Client client = node.connect();

        node.manager.drain();

        assertThat(client.stream().call().types()).containsExactly("SetupAckRequest", "ConnectResetRequest");
        assertThat(node.manager.refusal(node.open())).isEqualTo("this server is stopping; use another");
        assertThat(node.connect().connection().registered()).isFalse();
    }

    @Test
    void clientThatReadsNothingIsNotReadEither() {
        GrpcFixture node = new GrpcFixture(GrpcConfig.Limits.DEFAULTS);
        GrpcFixture.Client client = node.connect();
        client.stream().call().ready = false;
        int before = client.stream().call().requested;

        client.stream().say("ConnectionSetupRequest", GrpcFixture.SETUP);
        int held = client.stream().call().requested;
        client.stream().call().ready = true;
        client.stream().listener().onReady();

        assertThat(held).isEqualTo(before);
        assertThat(client.stream().call().requested).isEqualTo(before + 1);
    }

    private static Status ended(GrpcFixture.Stream stream) {
        Status status = stream.call().ended;
        assertThat(status).isNotNull();
        return java.util.Objects.requireNonNull(status);
    }

    private static GrpcFixture.Client registered(GrpcFixture node) {
        GrpcFixture.Client client = node.connect();
        node.core
                .operators
                .connections()
                .register(
                        CoreFixture.CALLER, client.connection().client(), SERVICE, CoreFixture.instance("10.0.0.1", 80))
                .toCompletableFuture()
                .join();
        assertThat(node.core.shown(SERVICE)).containsExactly("10.0.0.1:80");
        return client;
    }
}
