package io.registry.server.core.push;

import static io.registry.server.core.CoreFixture.instance;
import static io.registry.server.core.CoreFixture.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.api.model.ServiceKey;
import io.registry.server.core.CoreFixture;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // on manual time every stage is complete when the call returns
class PushServiceTest {

    private final CoreFixture core = new CoreFixture();
    private final ServiceKey orders = service("orders");
    private final CoreFixture.Receiver subscriber = core.connect("s");
    private final CoreFixture.Receiver publisher = core.connect("p");

    private void publish(int port) {
        core.operators
                .connections()
                .register(CoreFixture.CALLER, publisher.client, orders, instance("10.0.0.1", port))
                .toCompletableFuture()
                .join();
    }

    private void subscribe() {
        core.operators
                .connections()
                .subscribe(subscriber.client, orders, "")
                .toCompletableFuture()
                .join();
    }

    private void acknowledge(boolean success) {
        long last = subscriber.pushes.get(subscriber.pushes.size() - 1).id();
        core.operators.connections().acknowledged(subscriber.client, last, success);
    }

    @Test
    void theFirstChangeAfterAQuietTimeLeavesAtOnce() {
        subscribe();
        core.time.advance(Duration.ofSeconds(1));

        publish(1);

        assertThat(subscriber.pushes).hasSize(1);
        assertThat(subscriber.lastHosts()).contains("\"port\":1,");
    }

    @Test
    void changesGatherAfterAPushAndOnlyTheNewestStateIsTold() {
        subscribe();
        core.time.advance(Duration.ofSeconds(1));

        for (int port = 1; port <= 20; port++) {
            publish(port);
        }
        assertThat(subscriber.pushes).hasSize(1);
        core.time.advance(Duration.ofMillis(60));

        assertThat(subscriber.pushes).hasSize(2);
        assertThat(subscriber.lastHosts()).contains("\"port\":20,");
    }

    @Test
    void theNextWaveWaitsUntilTheOneBeforeIsWrittenAndAsLongAgain() {
        subscribe();
        core.time.advance(Duration.ofSeconds(1));
        subscriber.writing = false;
        publish(1);
        publish(2);
        core.time.advance(Duration.ofMillis(400));
        assertThat(subscriber.pushes).hasSize(1);

        subscriber.write();
        core.time.advance(Duration.ofMillis(380));
        assertThat(subscriber.pushes).hasSize(1);
        core.time.advance(Duration.ofMillis(60));

        assertThat(subscriber.pushes).hasSize(2);
        assertThat(subscriber.lastHosts()).contains("\"port\":2,");
    }

    @Test
    void aWaveThatIsNeverWrittenHoldsTheNextUpForASecondAtMost() {
        subscribe();
        core.time.advance(Duration.ofSeconds(1));
        subscriber.writing = false;
        publish(1);
        publish(2);
        core.time.advance(Duration.ofMillis(1_050));

        assertThat(subscriber.pushes).hasSize(2);
    }

    @Test
    void aPushDoesNotOvertakeTheAnswerToItsSubscription() {
        core.time.advance(Duration.ofSeconds(1));
        subscribe();

        publish(1);
        assertThat(subscriber.pushes).isEmpty();
        core.time.advance(Duration.ofMillis(50));

        assertThat(subscriber.pushes).hasSize(1);
    }

    @Test
    void whatIsThereIsPushedOnceAfterTheAnswerToASubscription() {
        publish(1);
        subscribe();
        assertThat(subscriber.pushes).isEmpty();

        core.time.advance(Duration.ofMillis(50));
        assertThat(subscriber.pushes).hasSize(1);
        assertThat(subscriber.lastHosts()).contains("\"port\":1,");
        acknowledge(true);
        core.time.advance(Duration.ofMinutes(1));

        assertThat(subscriber.pushes).hasSize(1);
    }

    @Test
    void thatNobodyIsThereIsPushedToANewSubscriberLate() {
        subscribe();
        core.time.advance(Duration.ofSeconds(5));
        assertThat(subscriber.pushes).isEmpty();

        core.time.advance(Duration.ofSeconds(2));
        assertThat(subscriber.pushes).hasSize(1);
        assertThat(subscriber.lastHosts()).doesNotContain("port");
        acknowledge(true);
        core.time.advance(Duration.ofMinutes(1));

        assertThat(subscriber.pushes).hasSize(1);
    }

    /** A service that has gone has no revision; what was said of it before is old all the same. */
    @Test
    void thatNobodyIsThereIsPushedThoughTheServiceHasGoneMeanwhile() {
        publish(1);
        core.operators.connections().deregister(CoreFixture.CALLER, publisher.client, orders);
        subscribe();

        core.loop.post(() -> core.services.remove(orders));
        core.time.advance(Duration.ofSeconds(7));

        assertThat(subscriber.pushes).hasSize(1);
        assertThat(subscriber.lastHosts()).isEmpty();
    }

    @Test
    void thatNobodyIsThereIsNotPushedWhenSomebodyCame() {
        subscribe();
        core.time.advance(Duration.ofSeconds(3));
        publish(1);
        acknowledge(true);

        core.time.advance(Duration.ofMinutes(1));

        assertThat(subscriber.pushes).hasSize(1);
        assertThat(subscriber.lastHosts()).contains("\"port\":1,");
    }

    @Test
    void aSubscriptionThatIsRepeatedIsNotPushedAgain() {
        publish(1);
        subscribe();
        core.time.advance(Duration.ofSeconds(1));
        acknowledge(true);

        subscribe();
        core.time.advance(Duration.ofMinutes(1));

        assertThat(subscriber.pushes).hasSize(1);
    }

    @Test
    void anIdenticalRegistrationIsNotPushed() {
        publish(1);
        subscribe();
        core.time.advance(Duration.ofSeconds(1));
        acknowledge(true);
        long revision = core.services.revision(orders);

        publish(1);
        core.time.advance(Duration.ofSeconds(10));

        assertThat(core.services.revision(orders)).isEqualTo(revision);
        assertThat(subscriber.pushes).as("that of the subscription").hasSize(1);
    }

    @Test
    void aSubscriberThatTakesNoMoreIsToldTheNewestStateWhenItDoes() {
        subscribe();
        core.time.advance(Duration.ofSeconds(1));
        subscriber.ready = false;
        for (int port = 1; port <= 5; port++) {
            publish(port);
            core.time.advance(Duration.ofMillis(100));
        }
        assertThat(subscriber.pushes).isEmpty();

        subscriber.ready = true;
        core.operators.connections().ready(subscriber.client);

        assertThat(subscriber.pushes).hasSize(1);
        assertThat(subscriber.lastHosts()).contains("\"port\":5,");
    }

    @Test
    void aPushWithoutAcknowledgementIsRepeatedAfterTheTimeoutAndThenNoMore() {
        subscribe();
        core.time.advance(Duration.ofSeconds(1));
        publish(1);
        core.time.advance(Duration.ofMillis(4_900));
        assertThat(subscriber.pushes).hasSize(1);

        core.time.advance(Duration.ofMillis(200));
        assertThat(subscriber.pushes).hasSize(2);
        acknowledge(true);
        core.time.advance(Duration.ofMinutes(1));

        assertThat(subscriber.pushes).hasSize(2);
    }

    @Test
    void aRefusedPushIsRepeatedASecondLaterAndNotBefore() {
        subscribe();
        core.time.advance(Duration.ofSeconds(1));
        publish(1);

        acknowledge(false);
        core.time.advance(Duration.ofMillis(950));
        assertThat(subscriber.pushes).hasSize(1);
        core.time.advance(Duration.ofMillis(100));

        assertThat(subscriber.pushes).hasSize(2);
    }

    @Test
    void nothingIsToldAfterTheEndOfASubscription() {
        subscribe();
        core.time.advance(Duration.ofSeconds(1));
        core.operators.connections().unsubscribe(subscriber.client, orders, "");

        publish(1);
        core.time.advance(Duration.ofSeconds(10));

        assertThat(subscriber.pushes).isEmpty();
        assertThat(core.pushes.slots()).isZero();
    }

    @Test
    void theEndOfAConnectionLeavesNoSubscriptionBehind() {
        subscribe();
        core.operators.connections().gone(subscriber.client, false);

        publish(1);

        assertThat(core.pushes.slots()).isZero();
        assertThat(subscriber.pushes).isEmpty();
    }
}
