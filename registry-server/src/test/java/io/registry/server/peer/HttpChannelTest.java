package io.registry.server.peer;

import static io.registry.server.peer.DistroTransportContract.PATIENCE;
import static io.registry.server.peer.DistroTransportContract.ack;
import static io.registry.server.peer.DistroTransportContract.awaitHearing;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.distro.message.DistroMessage;
import io.registry.server.peer.PeerFixture.TestNode;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.CutProxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Streams over HTTP: what becomes of them where connections come and go. */
class HttpChannelTest extends PeerChannelContract {

    HttpChannelTest() {
        super(PeerFixture.Over.HTTP);
    }

    /** It takes as long as a request may. */
    @Override
    @Test
    @Tag("long")
    void aHalfOpenConnectionIsGivenUp() {
        super.aHalfOpenConnectionIsGivenUp();
    }

    @Test
    void aConnectionThatIsClosedUnderARequestCostsNothing() {
        TestNode one = fixture.start(fixture.config("one", 1));
        TestNode two = fixture.start(fixture.config("two", 1));
        try (CutProxy proxy = behindProxy(one, two)) {
            CountDownLatch asked = new CountDownLatch(1);
            CompletableFuture<byte[]> late = new CompletableFuture<>();
            two.answers = (from, command) -> {
                asked.countDown();
                return late;
            };
            long streams = one.to(two).connects.sum();
            CompletableFuture<byte[]> answer =
                    one.channel.ask(two.id(), "x".getBytes(StandardCharsets.UTF_8), PATIENCE);
            Await.until("the question", PATIENCE, () -> asked.getCount() == 0);

            proxy.drop();
            late.complete("y".getBytes(StandardCharsets.UTF_8));

            assertThat(answer.join()).isEqualTo("y".getBytes(StandardCharsets.UTF_8));
            awaitHearing(one, two);
            assertThat(one.to(two).connects.sum()).isEqualTo(streams);
        }
    }

    /** Whether it was its request or the answer that got lost, the same request comes again. */
    @Test
    void whatIsSaidWhileConnectionsBreakIsHeardOnceAndInOrder() {
        TestNode one = fixture.start(fixture.config("one", 1));
        TestNode two = fixture.start(fixture.config("two", 1));
        try (CutProxy proxy = behindProxy(one, two)) {
            long streams = one.to(two).connects.sum();
            for (int i = 1; i <= 20; i++) {
                proxy.silenceServer();
                one.send(two.id(), ack(one, i));
                proxy.drop();
                proxy.restore();
                one.channel.ask(two.id(), new byte[0], PATIENCE).join();
            }

            List<Long> numbers = two.received().stream()
                    .map(message -> ((DistroMessage.SyncAck<?, ?>) message).sequence())
                    .filter(number -> number <= 20)
                    .toList();
            assertThat(numbers).hasSize(20).isSorted().doesNotHaveDuplicates();
            assertThat(one.to(two).connects.sum()).isEqualTo(streams);
        }
    }

    /** A request is answered after a while whether it was taken or not, and nobody takes that for the end. */
    @Test
    @Tag("long")
    void aPeerWhoseLoopIsStuckKeepsItsStream() {
        TestNode one = fixture.start(fixture.config("one", 1));
        TestNode two = fixture.start(fixture.config("two", 1));
        awaitHearing(one, two);
        two.hold();
        long begin = System.nanoTime();

        Await.until("a while", PATIENCE, () -> {
            one.send(two.id(), ack(one, 7));
            return System.nanoTime() - begin > Duration.ofSeconds(16).toNanos();
        });
        two.resume();

        awaitHearing(one, two);
        assertThat(one.to(two).connects.sum()).isEqualTo(1);
        assertThat(two.received()).contains(ack(one, 7));
    }

    /** Its streams come from the same requests, which are there all the time. */
    @Test
    @Tag("long")
    void aStreamOnWhichNothingIsSaidStays() {
        TestNode one = fixture.start(fixture.config("one", 1));
        TestNode two = fixture.start(fixture.config("two", 1));
        awaitHearing(one, two);
        long begin = System.nanoTime();

        Await.until(
                "a while",
                PATIENCE,
                () -> System.nanoTime() - begin > Duration.ofSeconds(18).toNanos());

        awaitHearing(one, two);
        assertThat(one.to(two).connects.sum()).isEqualTo(1);
    }

    private static CutProxy behindProxy(TestNode one, TestNode two) {
        CutProxy proxy = CutProxy.to(two.port());
        one.membership.add(PeerFixture.member("two", proxy.port()));
        Await.until("a stream through the proxy", PATIENCE, () -> one.to(two).isUp() && proxy.answeredBytes() > 0);
        awaitHearing(one, two);
        return proxy;
    }
}
