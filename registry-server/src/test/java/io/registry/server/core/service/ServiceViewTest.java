package io.registry.server.core.service;

import static io.registry.server.core.CoreFixture.instance;
import static io.registry.server.core.CoreFixture.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.InstanceKey;
import io.registry.api.model.ServiceKey;
import io.registry.server.core.CoreFixture;
import io.registry.server.core.persistent.Selector;
import io.registry.server.core.persistent.ServiceMetadata;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // on manual time every stage is complete when the call returns
class ServiceViewTest {

    private final CoreFixture core = new CoreFixture();
    private final ServiceKey orders = service("orders");
    private final CoreFixture.Receiver one = core.connect("1");
    private final CoreFixture.Receiver two = core.connect("2");

    @Test
    void aCallerSeesItsWriteWhenTheCallReturns() {
        register(one, instance("10.0.0.1", 80));

        assertThat(core.shown(orders)).containsExactly("10.0.0.1:80");
    }

    @Test
    void oneAddressOfTwoPublishersIsShownOnceAndTheNewerWordCounts() {
        register(one, instance("10.0.0.1", 80));
        register(two, weight(instance("10.0.0.1", 80), 7));

        assertThat(core.services.viewOrAbsent(orders).instances())
                .extracting(Instance::weight)
                .containsExactly(7.0);
        core.operators.connections().gone(two.client, false);
        assertThat(core.services.viewOrAbsent(orders).instances())
                .extracting(Instance::weight)
                .containsExactly(1.0);
    }

    @Test
    void thePayloadOfARevisionAndFilterIsMadeOnceAndShared() {
        register(one, instance("10.0.0.1", 80));
        ServiceView view = core.services.viewOrAbsent(orders);

        assertThat(view.payload("", false)).isSameAs(view.payload("", false));
        assertThat(view.payload("DEFAULT", true)).isSameAs(view.payload("DEFAULT", true));
        assertThat(core.services.viewOrAbsent(orders)).isSameAs(view);
    }

    @Test
    void aSecondRegistrationOfAConnectionReplacesTheFirst() {
        register(one, instance("10.0.0.1", 80));
        register(one, instance("10.0.0.2", 80));

        assertThat(core.shown(orders)).containsExactly("10.0.0.2:80");
    }

    @Test
    void disabledInstancesAreLeftOutAndFiltersChoose() {
        List<Instance> batch = new ArrayList<>();
        batch.add(instance("10.0.0.1", 80));
        batch.add(instance("10.0.0.2", 80).with(1, false, Map.of()));
        batch.add(instance("10.0.0.3", 80).withHealthy(false));
        batch.add(new Instance("", "10.0.0.4", 80, 1, true, true, true, "c1", Map.of()));
        core.operators.connections().registerBatch(CoreFixture.CALLER, one.client, orders, batch);
        ServiceView view = core.services.viewOrAbsent(orders);

        assertThat(view.payload("", false).count()).isEqualTo(3);
        assertThat(view.payload("", true).count()).isEqualTo(2);
        assertThat(view.payload("c1", false).count()).isEqualTo(1);
        assertThat(view.payload("c1,DEFAULT", true).count()).isEqualTo(2);
    }

    @Test
    void whatAnOperatorSetsIsLaidOverAndSurvivesARegistration() {
        register(one, instance("10.0.0.1", 80));
        core.operators
                .instances()
                .update(orders, new InstanceKey("10.0.0.1", 80, "DEFAULT"), 5, true, Map.of("k", "v"))
                .toCompletableFuture()
                .join();
        register(one, weight(instance("10.0.0.1", 80), 3));

        Instance shown = core.services.viewOrAbsent(orders).instances().get(0);
        assertThat(shown.weight()).isEqualTo(5.0);
        assertThat(shown.metadata()).containsEntry("k", "v");
    }

    @Test
    void tooFewHealthyInstancesOfADescribedServiceAreAllShownAsHealthy() {
        core.operators
                .services()
                .create(orders, new ServiceMetadata(true, 0.5f, Map.of(), Selector.NONE))
                .toCompletableFuture()
                .join();
        core.operators
                .connections()
                .registerBatch(
                        CoreFixture.CALLER,
                        one.client,
                        orders,
                        List.of(
                                instance("10.0.0.1", 80),
                                instance("10.0.0.2", 80).withHealthy(false),
                                instance("10.0.0.3", 80).withHealthy(false)));
        ServicePayload payload = core.services.viewOrAbsent(orders).payload("", false);

        assertThat(payload.reachProtectionThreshold()).isTrue();
        assertThat(new String(payload.hosts(), StandardCharsets.UTF_8)).doesNotContain("\"healthy\":false");
    }

    @Test
    void aServiceIsOfOneKind() {
        register(one, instance("10.0.0.1", 80));

        assertThatThrownBy(() -> core.operators
                        .instances()
                        .register(
                                CoreFixture.CALLER,
                                orders,
                                new Instance("", "10.0.0.9", 80, 1, true, true, false, "DEFAULT", Map.of())))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("is ephemeral service");
        assertThat(core.shown(orders)).containsExactly("10.0.0.1:80");
    }

    @Test
    void theEndOfAConnectionTakesAllItPublished() {
        register(one, instance("10.0.0.1", 80));
        core.operators
                .connections()
                .register(CoreFixture.CALLER, one.client, service("other"), instance("10.0.0.1", 81));

        core.operators.connections().gone(one.client, false);

        assertThat(core.shown(orders)).isEmpty();
        assertThat(core.shown(service("other"))).isEmpty();
        assertThat(core.services.instanceCount()).isZero();
    }

    @Test
    void limitsOfTheNodeAreKept() {
        for (int i = 0; i < 100; i++) {
            core.operators
                    .connections()
                    .register(CoreFixture.CALLER, one.client, service("s" + i), instance("10.0.0.1", 80));
        }

        assertThat(core.operators
                        .connections()
                        .register(CoreFixture.CALLER, one.client, service("one too many"), instance("10.0.0.1", 80))
                        .toCompletableFuture())
                .isCompletedExceptionally();
        assertThat(core.services.serviceCount()).isEqualTo(100);
    }

    private void register(CoreFixture.Receiver client, Instance instance) {
        core.operators
                .connections()
                .register(CoreFixture.CALLER, client.client, orders, instance)
                .toCompletableFuture()
                .join();
    }

    private static Instance weight(Instance instance, double weight) {
        return instance.with(weight, true, instance.metadata());
    }
}
