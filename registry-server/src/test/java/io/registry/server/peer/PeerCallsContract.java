package io.registry.server.peer;

import static io.registry.server.peer.DistroTransportContract.PATIENCE;
import static io.registry.server.peer.DistroTransportContract.awaitHearing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.distro.model.NodeId;
import io.registry.server.core.cluster.PeerCallException;
import io.registry.server.core.cluster.PeerCallException.Reason;
import io.registry.server.peer.PeerFixture.TestNode;
import io.registry.server.testkit.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How nodes ask one another, whatever carries it. */
abstract class PeerCallsContract {

    private final PeerFixture fixture;
    private TestNode one;
    private TestNode two;

    PeerCallsContract(PeerFixture.Over over) {
        this.fixture = new PeerFixture(over);
    }

    @BeforeEach
    void start() {
        one = fixture.start(fixture.config("one", 1));
        two = fixture.start(fixture.config("two", 1));
        awaitHearing(one, two);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void eachQuestionGetsItsOwnAnswer() {
        two.answers = (from, command) -> {
            CompletableFuture<byte[]> answer = new CompletableFuture<>();
            // In another order than they were asked in.
            new Thread(() -> answer.complete((from + " " + text(command)).getBytes(StandardCharsets.UTF_8))).start();
            return answer;
        };
        List<CompletableFuture<byte[]>> answers = new ArrayList<>();
        for (int i = 0; i < PeerFixture.LIMITS.callsMax(); i++) {
            answers.add(ask("question " + i, PATIENCE));
        }

        for (int i = 0; i < answers.size(); i++) {
            assertThat(text(answers.get(i).join())).isEqualTo("one question " + i);
        }
    }

    @Test
    void anEmptyAnswerIsAnAnswer() {
        two.answers = (from, command) -> CompletableFuture.completedFuture(new byte[0]);

        assertThat(ask("", PATIENCE).join()).isEmpty();
    }

    @Test
    void aRefusalComesWithItsReason() {
        two.answers = (from, command) -> CompletableFuture.failedFuture(new IllegalStateException("not today"));

        assertFailure(ask("x", PATIENCE), Reason.REFUSED, "node two: not today");
    }

    @Test
    void aFaultOfThePeerIsARefusal() {
        two.answers = (from, command) -> {
            throw new IllegalStateException("broken");
        };

        assertFailure(ask("x", PATIENCE), Reason.REFUSED, "node two: broken");
        two.answers = (from, command) -> CompletableFuture.completedFuture(command);
        assertThat(text(ask("y", PATIENCE).join())).isEqualTo("y");
    }

    @Test
    void whoDoesNotAnswerInTimeMayHaveDoneIt() {
        two.answers = (from, command) -> new CompletableFuture<>();

        assertFailure(ask("x", Duration.ofMillis(100)), Reason.UNANSWERED, "node two: no answer within 100 ms");
    }

    @Test
    void whoseStreamEndsMeanwhileMayHaveDoneIt() {
        CountDownLatch asked = new CountDownLatch(1);
        two.answers = (from, command) -> {
            asked.countDown();
            return new CompletableFuture<>();
        };
        CompletableFuture<byte[]> answer = ask("x", PATIENCE);
        Await.until("the question", PATIENCE, () -> asked.getCount() == 0);

        two.stop();

        assertThatThrownBy(answer::join)
                .cause()
                .isInstanceOf(PeerCallException.class)
                .extracting(e -> ((PeerCallException) e).reason())
                .isEqualTo(Reason.UNANSWERED);
    }

    @Test
    void whoCannotBeReachedWasNotAsked() {
        two.stop();
        Await.until("the end is noticed", PATIENCE, () -> !one.to(two).isUp());

        assertFailure(ask("x", PATIENCE), Reason.UNREACHED, "node two: there is no stream to it");
    }

    @Test
    void whoIsNoMemberWasNotAsked() {
        assertFailure(
                one.channel.ask(new NodeId("nobody"), new byte[0], PATIENCE),
                Reason.UNREACHED,
                "node nobody: not a member of the cluster");
    }

    @Test
    void moreThanTheBoundIsNotAsked() {
        List<CompletableFuture<byte[]>> open = new CopyOnWriteArrayList<>();
        two.answers = (from, command) -> {
            CompletableFuture<byte[]> answer = new CompletableFuture<>();
            open.add(answer);
            return answer;
        };
        int max = PeerFixture.LIMITS.callsMax();
        List<CompletableFuture<byte[]>> asked = new ArrayList<>();
        for (int i = 0; i < max; i++) {
            asked.add(ask("x", PATIENCE));
        }

        assertFailure(
                ask("one more", PATIENCE),
                Reason.UNREACHED,
                "node two: calls under way: " + max + " (expected: fewer; try again later)");

        Await.until("all questions", PATIENCE, () -> open.size() == max);
        open.forEach(answer -> answer.complete(new byte[] {1}));
        asked.forEach(answer -> assertThat(answer.join()).containsExactly(1));
        two.answers = (from, command) -> CompletableFuture.completedFuture(command);
        assertThat(text(ask("there is room again", PATIENCE).join())).isEqualTo("there is room again");
    }

    private CompletableFuture<byte[]> ask(String command, Duration deadline) {
        return one.channel.ask(two.id(), command.getBytes(StandardCharsets.UTF_8), deadline);
    }

    private static void assertFailure(CompletableFuture<byte[]> answer, Reason reason, String message) {
        assertThatThrownBy(answer::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(PeerCallException.class)
                .hasMessage(message)
                .extracting(e -> ((PeerCallException) e).reason())
                .isEqualTo(reason);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
