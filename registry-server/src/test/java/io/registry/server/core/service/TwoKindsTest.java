package io.registry.server.core.service;

import static io.registry.server.core.CoreFixture.instance;
import static io.registry.server.core.CoreFixture.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.ClientKind;
import io.registry.distro.model.DistroRecord;
import io.registry.server.core.CoreFixture;
import io.registry.server.core.UnkeptLog;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.client.InstanceBytes;
import io.registry.server.core.persistent.PersistentCommand;
import io.registry.server.core.persistent.ServiceMetadata;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * A name under which a divided cluster has taken both kinds. The other side's word comes past the checks of this node's
 * own callers, by the log or by replication.
 */
class TwoKindsTest {

    private static final ClientId CLIENT = new ClientId("1_10.0.0.1_2");

    private final CoreFixture core = new CoreFixture();
    private final ServiceKey orders = service("orders");
    private final UnkeptLog log = new UnkeptLog(core.loop, core.store, core.services::changed, () -> true);

    @Test
    void thePersistentKindIsShownWhicheverCameFirst() {
        publish(orders);
        persist(orders);
        ServiceKey stock = service("stock");
        persist(stock);
        publish(stock);

        for (ServiceKey each : List.of(orders, stock)) {
            assertThat(core.shown(each)).containsExactly("10.0.0.9:90");
            assertThat(core.services.ephemeral(each)).isFalse();
            assertThat(core.services.viewOrAbsent(each).payload("", false).count())
                    .isEqualTo(1);
            assertThat(core.services.hidden(each)).containsOnlyKeys(CLIENT);
            assertThat(core.services.publishers(each)).containsOnlyKeys(CLIENT);
        }
    }

    @Test
    void whatWasHiddenIsShownWhenNoPersistentInstanceIsLeft() {
        publish(orders);
        persist(orders);
        propose(new PersistentCommand.RemoveInstance(orders, "10.0.0.9", 90));

        assertThat(core.shown(orders)).containsExactly("10.0.0.1:80");
        assertThat(core.services.ephemeral(orders)).isTrue();
        assertThat(core.services.hidden(orders)).isEmpty();
    }

    @Test
    void aServiceThatAnOperatorCreatedAsPersistentHidesWhatClientsPublish() {
        publish(orders);
        propose(new PersistentCommand.PutService(orders, ServiceMetadata.plain(false)));

        assertThat(core.shown(orders)).isEmpty();
        assertThat(core.services.viewOrAbsent(orders).hasInstances()).isFalse();
        assertThat(core.services.hidden(orders)).containsOnlyKeys(CLIENT);
        propose(new PersistentCommand.RemoveService(orders));
        assertThat(core.shown(orders)).containsExactly("10.0.0.1:80");
    }

    @Test
    void subscribersAreToldOfTheKindThatCounts() {
        publish(orders);
        CoreFixture.Receiver consumer = core.connect("consumer");
        var unused = core.operators.connections().subscribe(consumer.client, orders, "");
        core.time.advance(Duration.ofSeconds(1));

        persist(orders);
        core.time.advance(Duration.ofSeconds(1));

        assertThat(consumer.lastHosts()).contains("10.0.0.9").doesNotContain("10.0.0.1");
    }

    private void publish(ServiceKey service) {
        InstanceBytes bytes = InstanceBytes.of(instance("10.0.0.1", 80), service);
        core.loop
                .call(() -> {
                    DistroRecord<ClientData> known = core.distro.record(CLIENT);
                    ClientData before = known == null ? ClientData.EMPTY : Objects.requireNonNull(known.data());
                    return core.distro.publish(
                            CLIENT, ClientKind.CONNECTION, before.with(service, bytes), List.of(service));
                })
                .join();
    }

    private void persist(ServiceKey service) {
        Instance instance = new Instance("", "10.0.0.9", 90, 1, true, true, false, "DEFAULT", Map.of());
        propose(new PersistentCommand.PutInstance(service, instance));
    }

    private void propose(PersistentCommand command) {
        log.propose(command).toCompletableFuture().join();
    }
}
