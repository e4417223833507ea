package io.registry.server.core.operate;

import static io.registry.server.core.CoreFixture.instance;
import static io.registry.server.core.CoreFixture.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroConfig;
import io.registry.server.core.CoreFixture;
import io.registry.server.core.CoreFixture.Receiver;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is shown of a connection that was told to move, by what becomes of the one that its client moves to. */
@SuppressWarnings("FutureReturnValueIgnored") // on manual time every stage is complete when the call returns
class SuccessionTest {

    private static final ServiceKey ORDERS = service("orders");
    private static final ServiceKey STOCK = service("stock");
    private static final Instance INSTANCE = instance("10.0.0.1", 80);
    private static final String ADDRESS = INSTANCE.address();

    private final CoreFixture core = new CoreFixture();

    @Test
    void aClientThatConnectsTwiceIsNeverAway() {
        drainOneThatPublishesBoth();
        Receiver first = publishing("first", ORDERS, STOCK);
        Receiver second = publishing("second", ORDERS);

        end(first);

        assertThat(core.shown(STOCK)).as("until it is published again").containsExactly(ADDRESS);
        core.time.advance(Duration.ofSeconds(9));
        assertThat(core.shown(STOCK)).containsExactly(ADDRESS);
        publish(second, STOCK);
        core.time.advance(DistroConfig.defaults().drainGrace());
        assertThat(core.shown(ORDERS)).containsExactly(ADDRESS);
        assertThat(core.shown(STOCK)).containsExactly(ADDRESS);
    }

    @Test
    void aClientThatEndsAfterItsMoveIsGoneTenSecondsLater() {
        drainOneThatPublishesBoth();
        Receiver successor = publishing("successor", ORDERS);
        end(successor);

        core.time.advance(Duration.ofMillis(9_999));
        assertThat(core.shown(ORDERS)).containsExactly(ADDRESS);
        core.time.advance(Duration.ofMillis(1));

        assertThat(core.shown(ORDERS)).isEmpty();
        assertThat(core.shown(STOCK)).as("it was the same client's").isEmpty();
    }

    @Test
    void aClientThatEndsShortlyBeforeTheGraceIsOverGoesWithIt() {
        drainOneThatPublishesBoth();
        Receiver successor = publishing("successor", ORDERS);
        core.time.advance(DistroConfig.defaults().drainGrace().minusSeconds(1));
        end(successor);

        core.time.advance(Duration.ofSeconds(1));

        assertThat(core.shown(ORDERS)).isEmpty();
        assertThat(core.shown(STOCK)).isEmpty();
    }

    @Test
    void whatIsDeregisteredAfterTheMoveIsGoneAtOnce() {
        drainOneThatPublishesBoth();
        Receiver successor = publishing("successor", ORDERS);

        core.operators.connections().deregister(CoreFixture.CALLER, successor.client, ORDERS);

        assertThat(core.shown(ORDERS)).isEmpty();
        assertThat(core.shown(STOCK)).containsExactly(ADDRESS);
    }

    @Test
    void whoeverPublishesSomethingElseIsNoSuccessor() {
        drainOneThatPublishesBoth();
        Receiver other = core.connect("other");
        core.operators.connections().register(CoreFixture.CALLER, other.client, ORDERS, instance("10.0.0.2", 80));
        end(other);

        core.time.advance(DistroConfig.defaults().drainGrace().minusSeconds(1));

        assertThat(core.shown(ORDERS)).containsExactly(ADDRESS);
    }

    private void drainOneThatPublishesBoth() {
        Receiver moving = publishing("moving", ORDERS, STOCK);
        core.operators.connections().gone(moving.client, true);
        assertThat(core.shown(ORDERS)).containsExactly(ADDRESS);
        assertThat(core.shown(STOCK)).containsExactly(ADDRESS);
    }

    private Receiver publishing(String id, ServiceKey... services) {
        Receiver client = core.connect(id);
        for (ServiceKey service : services) {
            publish(client, service);
        }
        return client;
    }

    private void publish(Receiver client, ServiceKey service) {
        core.operators.connections().register(CoreFixture.CALLER, client.client, service, INSTANCE);
    }

    private void end(Receiver client) {
        core.operators.connections().gone(client.client, false);
    }
}
