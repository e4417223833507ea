package io.registry.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class IdleWatchTest {

    private static final Pattern REQUEST_ID = Pattern.compile("\"requestId\":\"(\\d+)\"");

    private final GrpcFixture node = new GrpcFixture(GrpcConfig.Limits.DEFAULTS);

    @Test
    void silentClientIsProbedOnceAndEndedWithoutAnAnswer() {
        GrpcFixture.Client client = node.connect();

        advance(24);
        assertThat(client.stream().call().types()).containsExactly("SetupAckRequest", "ClientDetectionRequest");
        assertThat(client.connection().registered()).isTrue();

        advance(6);
        assertThat(client.stream().call().types()).containsExactly("SetupAckRequest", "ClientDetectionRequest");
        assertThat(Objects.requireNonNull(client.stream().call().ended).isOk()).isTrue();
        // A transport that does not end is asked to again at each look.
        assertThat(node.closed).containsOnly(client.connection().remote());
        assertThat(node.manager.count()).isZero();
    }

    @Test
    void clientThatAnswersStaysAndIsAskedAgainOnlyAfterTheNextSilence() {
        GrpcFixture.Client client = node.connect();
        advance(23);

        client.stream().say("ClientDetectionResponse", "{\"resultCode\":200,\"requestId\":\"" + lastId(client) + "\"}");
        advance(18);

        assertThat(client.connection().registered()).isTrue();
        assertThat(client.stream().call().types()).containsExactly("SetupAckRequest", "ClientDetectionRequest");
        advance(6);
        assertThat(client.stream().call().types())
                .containsExactly("SetupAckRequest", "ClientDetectionRequest", "ClientDetectionRequest");
    }

    @Test
    void acknowledgementsOfPushesAreSignsOfLife() {
        GrpcFixture.Client client = node.connect();

        for (int i = 0; i < 15; i++) {
            advance(4);
            client.stream().say("NotifySubscriberResponse", "{\"resultCode\":200,\"requestId\":\"" + (i + 1) + "\"}");
        }

        assertThat(client.stream().call().types()).containsExactly("SetupAckRequest");
    }

    @Test
    void anySignAfterTheProbeKeepsAClientThatReads() {
        GrpcFixture.Client client = node.connect();
        advance(23);

        client.stream().say("NotifySubscriberResponse", "{\"requestId\":\"7\"}");
        advance(6);

        assertThat(client.connection().registered()).isTrue();
    }

    @Test
    void clientWhoseStreamStaysUnreadIsEndedAlthoughItSpeaks() {
        GrpcFixture.Client client = node.connect();
        client.stream().call().ready = false;

        for (int i = 0; i < 80; i++) {
            advance(4);
            client.stream().say("NotifySubscriberResponse", "{\"requestId\":\"7\"}");
        }

        assertThat(client.connection().registered()).isFalse();
        // A transport that does not end is asked to again at each look.
        assertThat(node.closed).containsOnly(client.connection().remote());
    }

    @Test
    void transportThatNeverSetsUpIsEnded() {
        Connection connection = node.open();

        advance(13);
        assertThat(node.closed).isEmpty();

        advance(5);
        assertThat(node.closed).contains(connection.remote());
    }

    private void advance(int seconds) {
        node.core.time.advance(Duration.ofSeconds(seconds));
    }

    private static String lastId(GrpcFixture.Client client) {
        Matcher matcher = REQUEST_ID.matcher(client.stream().lastBody());
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }
}
