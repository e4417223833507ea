package io.registry.server.peer;

import static io.registry.server.peer.DistroTransportContract.PATIENCE;
import static io.registry.server.peer.DistroTransportContract.awaitHearing;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.distro.model.NodeId;
import io.registry.server.peer.PeerConfig.Versions;
import io.registry.server.peer.PeerFixture.TestNode;
import io.registry.server.secret.PeerSecret;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.CutProxy;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** With whom a node speaks, and what becomes of its streams, whatever carries them. */
abstract class PeerChannelContract {

    final PeerFixture fixture;

    PeerChannelContract(PeerFixture.Over over) {
        this.fixture = new PeerFixture(over);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void whoDoesNotKnowTheSecretIsRefused() {
        assertRefused(with(fixture.config("two", 1), new PeerSecret("registry", "another secret of a cluster")));
    }

    @Test
    void whoIsOfAnotherClusterIsRefused() {
        assertRefused(with(fixture.config("two", 1), new PeerSecret("other", PeerFixture.SECRET.secret())));
    }

    @Test
    void whoSpeaksNoVersionThatIsKnownIsRefused() {
        assertRefused(with(fixture.config("two", 1), new Versions(2, 3)));
    }

    @Test
    void twoVersionsSpeakTheOneThatBothKnow() {
        TestNode older = fixture.start(fixture.config("one", 1));
        TestNode newer = fixture.start(with(fixture.config("two", 1), new Versions(1, 2)));

        awaitHearing(older, newer);
        awaitHearing(newer, older);
    }

    /** Such as one that was restored from a copy: it would say again what is over. */
    @Test
    void anEarlierIncarnationIsRefused() {
        TestNode one = fixture.start(fixture.config("one", 1));
        TestNode two = fixture.start(fixture.config("two", 5));
        awaitHearing(two, one);
        two.stop();
        Await.until("the end is noticed", PATIENCE, () -> !one.to(two).isUp());

        TestNode earlier = fixture.start(fixture.config("two", 4));

        Await.until("a refusal", PATIENCE, () -> one.channel.refusals().sum() > 0);
        assertThat(earlier.to(one).isUp()).isFalse();
        assertThat(one.to(earlier).isUp()).isFalse();
    }

    @Test
    void whoIsNoMemberAnyMoreIsHeardNoMore() {
        TestNode one = fixture.start(fixture.config("one", 1));
        TestNode two = fixture.start(fixture.config("two", 1));
        awaitHearing(two, one);

        one.membership.remove(two.id());

        Await.until("its stream has ended", PATIENCE, () -> !two.to(one).isUp());
        Await.until("a refusal", PATIENCE, () -> one.channel.refusals().sum() > 0);
    }

    /** A member that has taken the place and address of another is not taken for it. */
    @Test
    void anotherNodeAtTheAddressIsNotSpokenTo() {
        TestNode one = fixture.start(fixture.config("one", 1));
        TestNode two = fixture.start(fixture.config("two", 1));
        awaitHearing(one, two);

        one.membership.add(PeerFixture.member("three", two.port()));

        NodeId three = new NodeId("three");
        Await.until("attempts", PATIENCE, () -> one.counters.containsKey(three) && failures(one, three) > 2);
        assertThat(Objects.requireNonNull(one.counters.get(three)).connects.sum())
                .isZero();
        awaitHearing(one, two);
    }

    @Test
    void aStreamThatWasCutComesBack() {
        TestNode one = fixture.start(fixture.config("one", 1));
        PeerConfig config = fixture.config("two", 1);
        TestNode two = fixture.start(config);
        try (CutProxy proxy = CutProxy.to(config.listen().getPort())) {
            one.membership.add(PeerFixture.member("two", proxy.port()));
            Await.until(
                    "a stream to the new address",
                    PATIENCE,
                    () -> one.to(two).connects.sum() >= 2 || one.to(two).isUp() && proxy.answeredBytes() > 0);
            awaitHearing(one, two);

            proxy.cut();
            Await.until("the end is noticed", PATIENCE, () -> !one.to(two).isUp());
            proxy.restore();

            awaitHearing(one, two);
        }
    }

    @Test
    void aHalfOpenConnectionIsGivenUp() {
        TestNode one = fixture.start(fixture.config("one", 1));
        PeerConfig config = fixture.config("two", 1);
        TestNode two = fixture.start(config);
        try (CutProxy proxy = CutProxy.to(config.listen().getPort())) {
            one.membership.add(PeerFixture.member("two", proxy.port()));
            Await.until(
                    "a stream through the proxy", PATIENCE, () -> one.to(two).isUp() && proxy.answeredBytes() > 0);
            awaitHearing(one, two);

            proxy.silence();

            Await.until("the silence is noticed", PATIENCE, () -> !one.to(two).isUp());
            proxy.restore();
            awaitHearing(one, two);
        }
    }

    @Test
    void figuresOfEachPeerAreKept() {
        TestNode one = fixture.start(fixture.config("one", 1));
        TestNode two = fixture.start(fixture.config("two", 1));
        awaitHearing(one, two);

        PeerCounters counters = one.to(two);

        assertThat(sum(counters.streams(), "connected")).isEqualTo(1);
        assertThat(sum(counters.messages(), "out")).isPositive();
        assertThat(sum(counters.bytes(), "out")).isGreaterThan(33);
        assertThat(counters.drops()).containsKeys("unconnected", "overflow", "outdated", "too-long", "malformed");
    }

    private static long failures(TestNode node, NodeId peer) {
        return Objects.requireNonNull(node.counters.get(peer)).failures.sum();
    }

    private static long sum(Map<String, LongAdder> counters, String name) {
        return Objects.requireNonNull(counters.get(name)).sum();
    }

    private void assertRefused(PeerConfig other) {
        TestNode one = fixture.start(fixture.config("one", 1));
        TestNode two = fixture.start(other);

        Await.until(
                "a refusal",
                PATIENCE,
                () -> one.channel.refusals().sum() > 0 && two.channel.refusals().sum() > 0);
        assertThat(one.to(two).isUp()).isFalse();
        assertThat(two.to(one).isUp()).isFalse();
        assertThat(one.received()).isEmpty();
        assertThat(two.received()).isEmpty();
    }

    private static PeerConfig with(PeerConfig config, PeerSecret secret) {
        return new PeerConfig(
                config.self(), config.incarnation(), secret, config.listen(), config.versions(), config.limits());
    }

    private static PeerConfig with(PeerConfig config, Versions versions) {
        return new PeerConfig(
                config.self(), config.incarnation(), config.secret(), config.listen(), versions, config.limits());
    }
}
