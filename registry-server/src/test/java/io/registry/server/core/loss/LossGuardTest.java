package io.registry.server.core.loss;

import static io.registry.server.core.CoreFixture.instance;
import static io.registry.server.core.CoreFixture.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroConfig;
import io.registry.distro.Kept;
import io.registry.distro.model.Cause;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.NodeId;
import io.registry.distro.model.Stamp;
import io.registry.server.core.CoreFixture;
import io.registry.server.core.CoreFixture.Receiver;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.client.InstanceBytes;
import io.registry.server.core.client.Publication;
import io.registry.server.core.client.Published;
import io.registry.server.core.event.Origin;
import io.registry.server.core.event.RegistryEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which losses are held back; the limits are those of the defaults. */
@SuppressWarnings("FutureReturnValueIgnored") // on manual time every stage is complete when the call returns
class LossGuardTest extends Publishers {

    @Test
    void moreThanHalfOfTenIsHeldWithWhatHadGoneAlready() {
        register(10);
        String before = hosts();

        lose(0, 5);
        assertThat(core.shown(orders)).hasSize(5);
        lose(5, 6);

        assertThat(core.shown(orders)).hasSize(10);
        assertThat(hosts()).as("the list, in the same order").isEqualTo(before);
        assertThat(core.guard.list()).hasSize(1).allSatisfy(hold -> {
            assertThat(hold.service()).isEqualTo(orders);
            assertThat(hold.lost())
                    .extracting(lost -> lost.instance().address() + " " + lost.cause())
                    .containsExactlyElementsOf(IntStream.range(0, 6)
                            .mapToObj(i -> address(i) + " " + Cause.DISCONNECTED)
                            .toList());
            assertThat(hold.living()).isEqualTo(4);
            assertThat(hold.addresses()).isEqualTo(6);
            assertThat(hold.sinceMillis()).isEqualTo(core.time.wallMillis());
            assertThat(hold.endsInMillis()).isEqualTo(HOLD.toMillis());
        });
        assertThat(begun(core, "disconnected")).isEqualTo(1);
        assertThat(core.guard.held()).isEqualTo(6);
    }

    @Test
    void halfIsNotHeld() {
        register(10);

        lose(0, 5);

        assertThat(core.shown(orders)).containsExactlyElementsOf(addresses(5, 10));
        assertNothingIsHeld();
    }

    @Test
    void aServiceOfNineIsNotHeld() {
        register(9);

        lose(0, 9);

        assertThat(core.shown(orders)).isEmpty();
        assertNothingIsHeld();
    }

    @Test
    void oneOfManyGoesOnTime() {
        register(10);

        lose(0, 1);

        assertThat(core.shown(orders)).hasSize(9);
    }

    @Test
    void whatComesFromTwoAddressesIsNotHeld() {
        for (int i = 0; i < 12; i++) {
            registerAt("client" + i, instance("10.0.0." + i % 2, 1_000 + i));
        }

        lose(0, 12);

        assertThat(core.shown(orders)).isEmpty();
        assertNothingIsHeld();
    }

    @Test
    void whatComesFromThreeAddressesIsHeld() {
        for (int i = 0; i < 12; i++) {
            registerAt("client" + i, instance("10.0.0." + i % 3, 1_000 + i));
        }

        lose(0, 12);

        assertThat(core.shown(orders)).hasSize(12);
    }

    @Test
    void aProcessThatPublishesForManyIsOneAddress() {
        List<Instance> foreign = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            foreign.add(instance("10.1.0." + i, 80));
        }
        for (int part = 0; part < 200; part += 50) {
            Receiver gateway = core.connect("1_10.9.9.9_" + part);
            core.operators
                    .connections()
                    .registerBatch(CoreFixture.CALLER, gateway.client, orders, foreign.subList(part, part + 50));
            clients.add(gateway);
        }

        lose(0, 4);

        assertThat(core.shown(orders)).isEmpty();
        assertNothingIsHeld();
    }

    @Test
    void whatIsLostWithinTheWindowIsOneLoss() {
        register(10);
        lose(0, 3);
        core.time.advance(WINDOW);

        lose(3, 6);

        assertThat(core.shown(orders)).hasSize(10);
    }

    @Test
    void whatIsLostSlowlyGoes() {
        register(10);
        lose(0, 3);
        core.time.advance(WINDOW.plus(MILLI));

        lose(3, 6);

        assertThat(core.shown(orders)).containsExactlyElementsOf(addresses(6, 10));
        core.time.advance(Duration.ofMinutes(1));
        assertNothingIsHeld();
    }

    @Test
    void whoDeregistersIsNotHeld() {
        register(12);

        deregister(0, 12);

        assertThat(core.shown(orders)).isEmpty();
        assertNothingIsHeld();
    }

    @Test
    void whatWasDeregisteredMakesALossNoGreater() {
        register(20);
        lose(0, 8);
        deregister(8, 14);

        lose(14, 15);

        assertThat(core.shown(orders)).containsExactlyElementsOf(addresses(15, 20));
    }

    @Test
    void beatsThatStayAwayAreHeldAsTheyWereShownLast() {
        for (int i = 0; i < 10; i++) {
            core.operators.instances().register(CoreFixture.CALLER, orders, instance("10.0.0." + (100 + i), 80));
        }

        core.time.advance(Duration.ofSeconds(16));
        assertThat(core.guard.list()).as("unhealthy is not lost").isEmpty();
        core.time.advance(Duration.ofSeconds(15));

        assertThat(core.services.viewOrAbsent(orders).instances()).hasSize(10).noneMatch(Instance::healthy);
        assertThat(core.services.publishers(orders)).isEmpty();
        assertThat(begun(core, "silence")).isEqualTo(1);

        core.operators.instances().register(CoreFixture.CALLER, orders, instance("10.0.0.100", 80));
        assertThat(core.services.viewOrAbsent(orders).instances())
                .hasSize(10)
                .filteredOn(Instance::healthy)
                .extracting(Instance::address)
                .containsExactly(address(0));
        core.time.advance(HOLD);
        assertThat(core.shown(orders)).as("what does not beat expires").isEmpty();
    }

    @Test
    void anInstanceThatAnotherClientStillPublishesIsNotLost() {
        register(10);
        List<Receiver> successors = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Receiver successor = core.connect("successor" + i);
            core.operators
                    .connections()
                    .register(CoreFixture.CALLER, successor.client, orders, instance("10.0.0." + (100 + i), 80));
            successors.add(successor);
        }
        lose(0, 10);
        assertThat(core.shown(orders)).hasSize(10);
        assertNothingIsHeld();

        successors.subList(0, 6).forEach(each -> core.operators.connections().gone(each.client, false));

        assertThat(core.shown(orders)).hasSize(10);
        assertThat(core.guard.held()).isEqualTo(6);
    }

    @Test
    void drainedConnectionsThatDoNotComeBackAreLostWhenTheirTimeIsOver() {
        register(10);
        clients.forEach(each -> core.operators.connections().gone(each.client, true));

        core.time.advance(DistroConfig.defaults().drainGrace().plus(SECOND));

        assertThat(core.services.publishers(orders)).isEmpty();
        assertThat(core.shown(orders)).hasSize(10);
    }

    @Test
    void whatNobodyComesBackForAfterARestartIsLost() {
        register(10);
        List<Kept<ClientData>> kept = new ArrayList<>();
        Duration lease = DistroConfig.defaults().ownerLease();
        core.distro.forEachRecord(record -> kept.add(new Kept<>(record, lease)));
        CoreFixture restarted = new CoreFixture();
        restarted.start(kept);

        restarted.time.advance(lease.plus(SECOND));

        assertThat(restarted.services.publishers(orders)).isEmpty();
        assertThat(restarted.shown(orders)).hasSize(10);
        assertThat(begun(restarted, "forgotten")).isEqualTo(1);
    }

    @Test
    void orphansWhoseSuccessorsAreLostAreLostAndWhoseSuccessorsDeregisterAreNot() {
        register(20);
        List<Receiver> successors = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            core.operators.connections().gone(clients.get(i).client, true);
            Receiver successor = core.connect("successor" + i);
            core.operators
                    .connections()
                    .register(CoreFixture.CALLER, successor.client, orders, instance("10.0.0." + (100 + i), 80));
            successors.add(successor);
        }

        for (Receiver each : successors.subList(0, 5)) {
            core.operators.connections().deregister(CoreFixture.CALLER, each.client, orders);
        }
        assertThat(core.shown(orders)).containsExactlyElementsOf(addresses(5, 20));
        successors.subList(5, 20).forEach(each -> core.operators.connections().gone(each.client, false));
        core.time.advance(DistroConfig.defaults().drainGrace());

        assertThat(core.services.publishers(orders)).isEmpty();
        assertThat(core.shown(orders)).containsExactlyElementsOf(addresses(5, 20));
    }

    @Test
    void otherNodesAreToldWhetherAConnectionThatEndedHadDeregisteredAll() {
        register(2);
        deregister(0, 1);
        lose(1, 2);

        assertThat(clients)
                .extracting(each -> core.distro.known(each.client))
                .extracting(known -> known == null ? null : known.cause())
                .containsExactly(Cause.WITHDRAWN, Cause.DISCONNECTED);
    }

    @Test
    void otherServicesAreNotHeldBecauseOneIs() {
        register(10);
        ServiceKey stock = service("stock");
        List<Receiver> others = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Receiver other = core.connect("other" + i);
            core.operators
                    .connections()
                    .register(CoreFixture.CALLER, other.client, stock, instance("10.0.0." + (100 + i), 80));
            others.add(other);
        }
        lose(0, 10);

        core.operators.connections().gone(others.get(0).client, false);

        assertThat(core.shown(stock)).hasSize(9);
        assertThat(core.shown(orders)).hasSize(10);
    }

    @Test
    void noMoreIsRememberedThanHasLivedAtOnce() {
        List<RegistryEvent.LossLetGo> letGo = letGo(core);
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < 10; i++) {
                registerAt("round" + round + "client" + i, instance("10.0." + round + "." + i, 80));
            }
            lose(10 * round, 10 * round + 10);
        }

        assertThat(core.shown(orders)).hasSize(10).allMatch(address -> address.startsWith("10.0.4."));
        assertThat(letGo)
                .flatExtracting(RegistryEvent.LossLetGo::gone)
                .as("each of the others is said to go, once")
                .hasSize(40)
                .doesNotHaveDuplicates()
                .noneMatch(instance -> instance.ip().startsWith("10.0.4."));
    }

    @Test
    void whatExceedsTheMemoryOfTheNodeGoes() {
        CoreFixture small =
                new CoreFixture(DistroConfig.defaults(), new LossGuardConfig(true, 50, 10, 3, WINDOW, HOLD, 7));
        List<Receiver> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Receiver client = small.connect("client" + i);
            small.operators
                    .connections()
                    .register(CoreFixture.CALLER, client.client, orders, instance("10.0.0." + (100 + i), 80));
            all.add(client);
        }

        all.forEach(each -> small.operators.connections().gone(each.client, false));

        assertThat(small.shown(orders)).containsExactlyElementsOf(addresses(0, 7));
        assertThat(small.guard.held()).isEqualTo(7);
    }

    @Test
    void whoeverDeregistersWhatIsHeldIsSaid() {
        List<RegistryEvent.LossLetGo> letGo = letGo(core);
        Origin overHttp = Origin.of(Origin.Protocol.HTTP, "10.0.0.7");
        Origin overGrpc = Origin.of(Origin.Protocol.GRPC, "10.0.0.8");
        register(20);
        lose(0, 15);

        core.operators.instances().deregister(overHttp, orders, "10.0.0.100", 80, true);
        Receiver successor = core.connect("successor");
        core.operators.connections().deregister(overGrpc, successor.client, orders, "10.0.0.101", 80);

        assertThat(core.shown(orders)).containsExactlyElementsOf(addresses(2, 20));
        assertThat(letGo)
                .extracting(over -> over.gone().stream().map(Instance::address).toList() + " " + over.why())
                .containsExactly("[" + address(0) + "] deregistered", "[" + address(1) + "] deregistered");
        assertThat(letGo).extracting(RegistryEvent.LossLetGo::origin).containsExactly(overHttp, overGrpc);
    }

    @Test
    void whatAClientThatIsBackPublishesNoLongerIsShownNoLonger() {
        ClientId client = new ClientId("client");
        Instance first = instance("10.0.0.1", 80);
        Instance second = instance("10.0.0.2", 80);
        Published both = published(first, second);
        ServiceLosses losses = new ServiceLosses(Map.of(client, both), 0);
        losses.loses(client, both, Cause.DISCONNECTED, 0, 10);
        losses.hold(new ServiceLosses.Running(0, 0));

        losses.publishes(client, null, published(second).publication());

        assertThat(losses.takeShownNoLonger()).containsExactly(first);
        assertThat(losses.takeShownNoLonger()).as("said once").isEmpty();
    }

    private Published published(Instance... instances) {
        List<InstanceBytes> encoded = Stream.of(instances)
                .map(instance -> InstanceBytes.of(instance, orders))
                .toList();
        return new Published(new Stamp(1, 1, 0, new NodeId("n1"), 1), Publication.of(encoded));
    }

    @Test
    void whatIsPublishedAgainIsNotSaidToGo() {
        List<RegistryEvent.LossLetGo> letGo = letGo(core);
        register(10);
        lose(0, 6);

        registerAt("back", instance("10.0.0.100", 80));

        assertThat(core.guard.held()).isEqualTo(5);
        assertThat(letGo).isEmpty();
    }

    private static List<RegistryEvent.LossLetGo> letGo(CoreFixture core) {
        List<RegistryEvent.LossLetGo> letGo = new ArrayList<>();
        core.witness = event -> {
            if (event instanceof RegistryEvent.LossLetGo over) {
                letGo.add(over);
            }
        };
        return letGo;
    }

    @Test
    void nothingIsHeldWhereItIsSwitchedOff() {
        CoreFixture off =
                new CoreFixture(DistroConfig.defaults(), new LossGuardConfig(false, 50, 10, 3, WINDOW, HOLD, 100));
        List<Receiver> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Receiver client = off.connect("client" + i);
            off.operators
                    .connections()
                    .register(CoreFixture.CALLER, client.client, orders, instance("10.0.0." + (100 + i), 80));
            all.add(client);
        }

        all.forEach(each -> off.operators.connections().gone(each.client, false));

        assertThat(off.shown(orders)).isEmpty();
    }
}
