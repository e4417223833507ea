package io.registry.server.core.operate;

import static io.registry.server.core.CoreFixture.instance;
import static io.registry.server.core.CoreFixture.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.ServiceKey;
import io.registry.distro.message.DistroMessage.Digest;
import io.registry.distro.message.DistroMessage.Sync;
import io.registry.distro.model.Buckets;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.ClientKind;
import io.registry.distro.model.NodeId;
import io.registry.server.core.CoreFixture;
import io.registry.server.core.Trio;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.client.InstanceBytes;
import io.registry.server.core.operate.ServiceVerification.Difference;
import io.registry.server.core.operate.ServiceVerification.Has;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Three nodes that have not the same of a service, since news was lost, and what operators see and do about it. */
class ServiceRepairTest {

    private static final NodeId N1 = new NodeId("n1");
    private static final NodeId N2 = new NodeId("n2");
    private static final NodeId N3 = new NodeId("n3");
    private static final ClientId FIRST = new ClientId("1_10.0.0.1_1");
    private static final ClientId SECOND = new ClientId("1_10.0.0.2_1");

    private final Trio trio = new Trio();
    private final ServiceKey orders = service("orders");

    @Test
    void nodesThatHaveTheSameAreEqual() {
        publish(1, FIRST, 80);
        publish(2, SECOND, 80);
        trio.time.advance(Duration.ofSeconds(1));

        ServiceVerification found = verified(3);

        assertThat(found.isEqual()).isTrue();
        assertThat(found.differences()).isEmpty();
        assertThat(found.members())
                .extracting(
                        told -> told.member().id(),
                        told -> told.records() == null ? -1 : told.records().count())
                .containsExactly(tuple(N1, 2), tuple(N2, 2), tuple(N3, 2));
    }

    @Test
    void whatIsMissingOrOlderIsFoundWithItsOwner() {
        publish(1, FIRST, 80);
        trio.time.advance(Duration.ofSeconds(1));
        loseNews();
        publish(1, FIRST, 81);
        publish(2, SECOND, 80);

        ServiceVerification found = verified(3);

        assertThat(found.isEqual()).isFalse();
        assertThat(found.differing()).isEqualTo(Buckets.of(List.of(FIRST, SECOND)));
        assertThat(found.differences())
                .extracting(Difference::members)
                .containsExactly(
                        Map.of(N1, Has.NEWEST, N2, Has.OLDER, N3, Has.OLDER),
                        Map.of(N1, Has.NOTHING, N2, Has.NEWEST, N3, Has.NOTHING));
        assertThat(found.differences())
                .extracting(each -> each.newest().owner())
                .containsExactly(N1, N2);
    }

    @Test
    void aRepairBringsWhatWasMissedAndMayBeDoneAgain() {
        publish(1, FIRST, 80);
        trio.time.advance(Duration.ofSeconds(1));
        loseNews();
        publish(1, FIRST, 81);
        publish(2, SECOND, 80);
        trio.time.advance(Duration.ofSeconds(60));
        assertThat(verified(1).differences()).as("nothing else repairs it").hasSize(2);

        ServiceRepair.Repaired repaired = repaired(3);

        assertThat(repaired.before().differences()).hasSize(2);
        assertThat(repaired.asked())
                .extracting(asked -> asked.member().id() + " " + asked.owners() + asked.problem())
                .containsExactly("n1 2", "n2 2", "n3 2");
        assertThat(repaired.after().isEqual()).isTrue();
        for (int node = 1; node <= 3; node++) {
            assertThat(trio.node(node)
                            .foundation
                            .services()
                            .viewOrAbsent(orders)
                            .size())
                    .isEqualTo(2);
        }

        ServiceRepair.Repaired again = repaired(2);
        assertThat(again.asked()).isEmpty();
        assertThat(again.after().isEqual()).isTrue();
    }

    @Test
    void whatIsGoneAtItsOwnerGoesEverywhere() {
        publish(1, FIRST, 80);
        trio.time.advance(Duration.ofSeconds(1));
        loseNews();
        trio.node(1).loop.post(() -> trio.node(1).distro.withdraw(FIRST));
        assertThat(verified(2).differences())
                .extracting(Difference::members)
                .containsExactly(Map.of(N1, Has.NOTHING, N2, Has.NEWEST, N3, Has.NEWEST));

        assertThat(repaired(2).after().isEqual()).isTrue();

        assertThat(trio.node(3).foundation.services().viewOrAbsent(orders).hasInstances())
                .isFalse();
    }

    @Test
    void aMemberThatCannotBeAskedIsSaidAndTheOthersAreRepaired() {
        loseNews();
        publish(1, FIRST, 80);
        trio.cutOff.add(N3);

        ServiceRepair.Repaired repaired = repaired(2);

        assertThat(repaired.after().isEqual())
                .as("nothing is known of the third")
                .isFalse();
        assertThat(repaired.after().differing()).isEqualTo(Buckets.NONE);
        assertThat(repaired.after().members().get(2).problem()).isEqualTo("cut off: n3");
        assertThat(repaired.asked().get(2).problem()).isEqualTo("cut off: n3");
        assertThat(trio.node(2).foundation.services().viewOrAbsent(orders).size())
                .isEqualTo(1);
    }

    @Test
    void whatCannotBeRepairedIsStillSaidAfterwards() {
        publish(1, FIRST, 80);
        trio.time.advance(Duration.ofSeconds(1));
        loseNews();
        publish(1, FIRST, 81);
        trio.time.advance(Duration.ofSeconds(1));
        trio.cutOff.add(N1);

        ServiceRepair.Repaired repaired = repaired(2);

        assertThat(repaired.after().isEqual()).as("the owner cannot be asked").isFalse();
        trio.cutOff.clear();
        ServiceVerification found = verified(2);
        assertThat(found.isEqual()).isFalse();
        assertThat(found.differences())
                .extracting(Difference::members)
                .containsExactly(Map.of(N1, Has.NEWEST, N2, Has.OLDER, N3, Has.OLDER));
    }

    @Test
    void aNodeThatStandsAloneHasNobodyToAsk() {
        ServiceRepair repair = new ServiceRepair(
                trio.node(1).loop,
                trio.node(1).distro,
                trio.node(1).foundation.services(),
                new CoreFixture.Lone(N1),
                (peer, command, deadline) -> new CompletableFuture<>());

        assertThatThrownBy(() -> repair.repair(orders))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ILLEGAL_STATE))
                .hasMessageContaining("members of the cluster: 1 (expected: at least two");
    }

    /** From now on changes are lost, and acknowledged all the same; and nobody hears that something differs. */
    private void loseNews() {
        trio.onTheWay = message -> {
            if (message instanceof Sync<ServiceKey, ClientData> sync) {
                return new Sync<>(sync.sender(), sync.incarnation(), sync.sequence(), List.of());
            }
            if (message instanceof Digest<ServiceKey, ClientData> digest) {
                return new Digest<>(
                        digest.sender(),
                        digest.incarnation(),
                        digest.state(),
                        digest.leaving(),
                        digest.clock(),
                        digest.sums(),
                        Buckets.ALL);
            }
            return message;
        };
    }

    private void publish(int node, ClientId client, int port) {
        InstanceBytes bytes = InstanceBytes.of(instance("10.0.0." + node, port), orders);
        trio.node(node)
                .loop
                .post(() -> trio.node(node)
                        .distro
                        .publish(client, ClientKind.CONNECTION, ClientData.EMPTY.with(orders, bytes), List.of(orders)));
    }

    private ServiceVerification verified(int node) {
        return trio.node(node).repair.verify(orders).join();
    }

    private ServiceRepair.Repaired repaired(int node) {
        CompletableFuture<ServiceRepair.Repaired> repaired =
                trio.node(node).repair.repair(orders);
        for (int second = 0; second < 8 && !repaired.isDone(); second++) {
            trio.time.advance(Duration.ofSeconds(1));
        }
        return repaired.getNow(null);
    }
}
