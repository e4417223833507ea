package io.registry.server.peer;

import static io.registry.server.peer.DistroTransportContract.PATIENCE;
import static io.registry.server.peer.DistroTransportContract.awaitHearing;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.registry.distro.model.NodeId;
import io.registry.server.peer.PeerConfig.Versions;
import io.registry.server.peer.PeerFixture.TestNode;
import io.registry.server.secret.PeerSecret;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.CutProxy;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** With whom the cluster port speaks, and what becomes of its streams. */
class PeerChannelTest {

    private final PeerFixture fixture = new PeerFixture();

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

        one.membership.add(PeerFixture.member("three", two.channel.port()));

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
    void nobodyWaitsForAStrangerThatSaysNothing() throws IOException {
        TestNode one = fixture.start(fixture.config("one", 1));
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < PeerFixture.LIMITS.sockets() - 2; i++) {
                silent.add(connect(one));
            }

            for (Socket socket : silent) {
                socket.setSoTimeout((int) PATIENCE.toMillis());
                while (socket.getInputStream().read() >= 0) {
                    // What the port says before it hangs up.
                }
            }
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void moreSocketsThanTheBoundAreClosedAtOnce() throws IOException {
        TestNode one = fixture.start(fixture.config("one", 1));
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < PeerFixture.LIMITS.sockets() * 3; i++) {
                sockets.add(connect(one));
            }

            Await.until("refusals", PATIENCE, () -> one.channel.refusals().sum() >= PeerFixture.LIMITS.sockets());
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    /** A message of a stranger is not kept until it is complete. */
    @Test
    void aLongMessageOfAStrangerIsCutOff() throws InterruptedException {
        TestNode one = fixture.start(fixture.config("one", 1));
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", one.channel.port())
                .usePlaintext()
                .build();
        try {
            CompletableFuture<Status> end = new CompletableFuture<>();
            ClientCall<byte[], byte[]> call = channel.newCall(PeerMethod.STREAM, CallOptions.DEFAULT);
            call.start(
                    new ClientCall.Listener<>() {
                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            end.complete(status);
                        }
                    },
                    new Metadata());

            call.sendMessage(new byte[PeerFixture.LIMITS.frameBytesMax() / 2]);

            assertThat(end.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                            .join()
                            .getCode())
                    .as("not read to its end, and then refused")
                    .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED);
        } finally {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
    }

    /** Nonsense of any kind ends its own connection and nothing else. */
    @Test
    void nonsenseDoesNoHarm() throws IOException {
        TestNode one = fixture.start(fixture.config("one", 1));
        TestNode two = fixture.start(fixture.config("two", 1));
        awaitHearing(two, one);
        Random random = new Random(1);

        for (int i = 0; i < 20; i++) {
            byte[] nonsense = new byte[1 + random.nextInt(20_000)];
            random.nextBytes(nonsense);
            try (Socket socket = connect(one)) {
                OutputStream out = socket.getOutputStream();
                if (i % 2 == 0) {
                    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                }
                out.write(nonsense);
                out.flush();
            } catch (IOException e) {
                // The port has hung up already.
            }
        }

        awaitHearing(two, one);
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

    private static Socket connect(TestNode node) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), node.channel.port());
    }
}
