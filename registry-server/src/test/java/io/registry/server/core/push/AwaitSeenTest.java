package io.registry.server.core.push;

import static io.registry.server.core.CoreFixture.instance;
import static io.registry.server.core.CoreFixture.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.api.model.ServiceKey;
import io.registry.server.core.CoreFixture;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // on manual time every stage is complete when the call returns
class AwaitSeenTest {

    private final CoreFixture core = new CoreFixture();
    private final ServiceKey orders = service("orders");
    private final CoreFixture.Receiver publisher = core.connect("p");
    private final CoreFixture.Receiver first = core.connect("s1");
    private final CoreFixture.Receiver second = core.connect("s2");

    @BeforeEach
    void oneInstanceThatBothKnow() {
        core.operators.connections().register(CoreFixture.CALLER, publisher.client, orders, instance("10.0.0.1", 1));
        core.operators.connections().subscribe(first.client, orders, "");
        core.operators.connections().subscribe(second.client, orders, "c1");
        core.time.advance(Duration.ofSeconds(1));
        acknowledge(first);
        acknowledge(second);
        core.time.advance(Duration.ofSeconds(1));
    }

    private void acknowledge(CoreFixture.Receiver receiver) {
        long last = receiver.pushes.get(receiver.pushes.size() - 1).id();
        core.operators.connections().acknowledged(receiver.client, last, true);
    }

    private CompletableFuture<Seen> leave(Duration timeout) {
        core.operators.connections().deregister(CoreFixture.CALLER, publisher.client, orders);
        CompletableFuture<Seen> seen = new CompletableFuture<>();
        core.loop.post(() -> core.pushes.awaitSeen(orders, timeout, seen::complete));
        return seen;
    }

    @Test
    void theAnswerWaitsForTheLastAcknowledgement() {
        CompletableFuture<Seen> seen = leave(Duration.ofSeconds(3));
        core.time.advance(Duration.ofMillis(100));
        acknowledge(first);
        assertThat(seen).isNotDone();
        acknowledge(second);

        assertThat(seen.join().subscribers()).isEqualTo(2);
        assertThat(seen.join().missing()).isEmpty();
    }

    @Test
    void whoHasNotAcknowledgedInTimeIsNamed() {
        CompletableFuture<Seen> seen = leave(Duration.ofSeconds(3));
        core.time.advance(Duration.ofMillis(100));
        acknowledge(first);
        core.time.advance(Duration.ofSeconds(3));

        assertThat(seen.join().missing()).containsExactly(second.client);
    }

    @Test
    void aSubscriberThatGoesIsNotWaitedFor() {
        CompletableFuture<Seen> seen = leave(Duration.ofSeconds(3));
        core.time.advance(Duration.ofMillis(100));
        acknowledge(first);
        core.operators.connections().gone(second.client, false);

        assertThat(seen.join().missing()).isEmpty();
    }

    @Test
    void oneThatUnsubscribesIsNotWaitedFor() {
        CompletableFuture<Seen> seen = leave(Duration.ofSeconds(3));
        core.time.advance(Duration.ofMillis(100));
        acknowledge(first);
        core.operators.connections().unsubscribe(second.client, orders, "c1");

        assertThat(seen.join().missing()).isEmpty();
    }

    @Test
    void anAcknowledgementOfAnOlderStateDoesNotCount() {
        core.operators.connections().register(CoreFixture.CALLER, publisher.client, orders, instance("10.0.0.1", 2));
        core.time.advance(Duration.ofMillis(1));
        CompletableFuture<Seen> seen = leave(Duration.ofSeconds(3));
        acknowledge(first);
        acknowledge(second);

        assertThat(seen).isNotDone();
        core.time.advance(Duration.ofSeconds(1));
        acknowledge(first);
        acknowledge(second);

        assertThat(seen.join().missing()).isEmpty();
    }

    @Test
    void withoutSubscribersTheAnswerComesAtOnce() {
        core.operators.connections().gone(first.client, false);
        core.operators.connections().gone(second.client, false);

        assertThat(leave(Duration.ofSeconds(3)).join()).isEqualTo(new Seen(0, java.util.List.of()));
    }

    @Test
    void withoutPatienceTheAnswerIsAPicture() {
        assertThat(leave(Duration.ZERO).join().missing()).containsExactly(first.client, second.client);
    }
}
