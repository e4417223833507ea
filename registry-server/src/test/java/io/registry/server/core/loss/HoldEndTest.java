package io.registry.server.core.loss;

import static io.registry.server.core.CoreFixture.instance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.api.error.RegistryException;
import io.registry.distro.DistroConfig;
import io.registry.server.core.CoreFixture;
import io.registry.server.core.CoreFixture.Receiver;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What happens while a loss is held back, and what ends that. */
@SuppressWarnings("FutureReturnValueIgnored") // on manual time every stage is complete when the call returns
class HoldEndTest extends Publishers {

    @Test
    void whatIsHeldGoesWhenTheTimeIsOver() {
        register(10);
        lose(0, 6);

        core.time.advance(HOLD.minus(MILLI));
        assertThat(core.shown(orders)).hasSize(10);
        core.time.advance(MILLI);

        assertThat(core.shown(orders)).containsExactlyElementsOf(addresses(6, 10));
        assertNothingIsHeld();
    }

    @Test
    void whoDeregistersWhileOthersAreHeldGoesAtOnce() {
        register(12);
        lose(0, 8);

        deregister(8, 10);

        assertThat(core.shown(orders)).hasSize(10).doesNotContain(address(8), address(9));
    }

    @Test
    void anOperatorWhoDeregistersWhatIsHeldIsObeyed() {
        register(10);
        lose(0, 6);

        core.operators.instances().deregister(CoreFixture.CALLER, orders, "10.0.0.100", 80, true);

        assertThat(core.shown(orders)).containsExactlyElementsOf(addresses(1, 10));
        assertThat(core.guard.held()).isEqualTo(5);
    }

    @Test
    void aClientThatComesBackToDeregisterIsObeyed() {
        register(10);
        lose(0, 6);
        Receiver back = core.connect("back");

        core.operators.connections().deregister(CoreFixture.CALLER, back.client, orders, "10.0.0.100", 80);

        assertThat(core.shown(orders)).containsExactlyElementsOf(addresses(1, 10));
    }

    @Test
    void whatWasDeregisteredAfterItsLossIsNotShownAgain() {
        register(10);
        lose(0, 5);
        core.operators.instances().deregister(CoreFixture.CALLER, orders, "10.0.0.100", 80, true);

        lose(5, 8);

        assertThat(core.shown(orders)).containsExactlyElementsOf(addresses(1, 10));
    }

    @Test
    void whoComesBackIsNoLongerHeld() {
        register(10);
        lose(0, 6);
        Receiver back = core.connect("back");
        core.operators.connections().register(CoreFixture.CALLER, back.client, orders, instance("10.0.0.100", 80));
        assertThat(core.guard.held()).isEqualTo(5);

        core.operators.connections().deregister(CoreFixture.CALLER, back.client, orders);

        assertThat(core.shown(orders)).containsExactlyElementsOf(addresses(1, 10));
    }

    @Test
    void aHoldEndsWhenAllAreBack() {
        register(10);
        lose(0, 6);

        for (int i = 0; i < 6; i++) {
            registerAt("back" + i, instance("10.0.0." + (100 + i), 80));
        }

        assertThat(core.shown(orders)).hasSize(10);
        assertNothingIsHeld();
    }

    @Test
    void aHoldEndsWhenNoMoreThanHalfHasBeenMissingForTheWindow() {
        register(10);
        lose(0, 6);
        core.time.advance(SECOND);
        registerAt("back", instance("10.0.0.100", 80));

        core.time.advance(WINDOW.minus(MILLI));
        assertThat(core.shown(orders)).hasSize(10);
        core.time.advance(MILLI);

        assertThat(core.shown(orders)).hasSize(5).contains(address(0));
        assertNothingIsHeld();
    }

    @Test
    void aHoldGoesOnWhenMoreIsLostAgain() {
        register(10);
        lose(0, 6);
        registerAt("back", instance("10.0.0.100", 80));
        core.time.advance(WINDOW.minus(SECOND));
        lose(6, 7);

        core.time.advance(HOLD.minus(WINDOW));
        assertThat(core.shown(orders)).hasSize(10);
        core.time.advance(WINDOW);

        assertThat(core.shown(orders)).hasSize(4);
    }

    @Test
    void othersThatComeInTheirPlaceEndAHoldToo() {
        register(10);
        lose(0, 10);
        for (int i = 0; i < 10; i++) {
            registerAt("new" + i, instance("10.2.0." + i, 80));
        }

        core.time.advance(WINDOW);

        assertThat(core.shown(orders)).hasSize(10).allMatch(address -> address.startsWith("10.2."));
    }

    @Test
    void whatIsLostDuringAHoldIsHeldWithTheRestAndTellsNobody() {
        register(12);
        Receiver consumer = core.connect("consumer");
        core.operators.connections().subscribe(consumer.client, orders, "");
        lose(0, 7);
        core.time.advance(SECOND);
        int pushed = consumer.pushes.size();
        long revision = core.services.revision(orders);

        lose(7, 12);
        core.time.advance(SECOND);

        assertThat(core.shown(orders)).hasSize(12);
        assertThat(core.services.revision(orders)).isEqualTo(revision);
        assertThat(consumer.pushes).hasSize(pushed);
        core.time.advance(HOLD.minus(SECOND.multipliedBy(2)));
        assertThat(core.shown(orders)).isEmpty();
        assertThat(consumer.pushes).hasSizeGreaterThan(pushed);
    }

    @Test
    void whatWasLetGoIsNotHeldAgain() {
        register(20);
        lose(0, 11);
        core.time.advance(HOLD);
        assertThat(core.shown(orders)).hasSize(9);

        lose(11, 20);

        assertThat(core.shown(orders)).as("nine are too few").isEmpty();
    }

    @Test
    void aHeldServiceIsNotDeletedUntilAnOperatorLetsItGo() {
        register(10);
        lose(0, 10);
        assertThatThrownBy(() -> core.operators.services().delete(orders))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("not empty");

        assertThat(letGo()).isEqualTo(10);

        assertThat(core.shown(orders)).isEmpty();
        assertThat(letGo()).isZero();
        assertNothingIsHeld();
        core.operators.services().delete(orders);
        assertThat(core.services.view(orders)).isNull();
    }

    @Test
    void whatAnOperatorHasSetStaysWithWhatIsHeld() {
        core.time.advance(DistroConfig.defaults().ownerLease());
        register(10);
        core.operators
                .instances()
                .update(orders, instance("10.0.0.100", 80).key(), 7, false, Map.of())
                .toCompletableFuture()
                .join();
        lose(0, 6);
        core.time.advance(HOLD.minus(SECOND));
        assertThat(weightOfFirst()).isEqualTo(7);

        core.time.advance(CoreFixture.INCARNATION_GAP);
        registerAt("back", instance("10.0.0.100", 80));
        assertThat(weightOfFirst())
                .as("within the gap that began with the end of the hold")
                .isEqualTo(7);
        core.operators.connections().gone(clients.get(clients.size() - 1).client, false);
        core.time.advance(CoreFixture.INCARNATION_GAP.plus(SECOND));

        assertThat(core.store.state().service(orders).overrides()).isEmpty();
    }
}
