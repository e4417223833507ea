package io.registry.distro;

import static io.registry.distro.DistroFixture.A;
import static io.registry.distro.DistroFixture.B;
import static io.registry.distro.DistroFixture.BEAT;
import static io.registry.distro.DistroFixture.DOWN;
import static io.registry.distro.DistroFixture.LINK;
import static io.registry.distro.DistroFixture.ORDERS;
import static io.registry.distro.DistroFixture.UP;
import static io.registry.distro.DistroFixture.fromB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.distro.model.Cause;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.ClientKind;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.Stamp;
import io.registry.distro.model.StampClock;
import io.registry.distro.testkit.Parts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DistroProtocolTest {

    private final DistroFixture a = new DistroFixture();
    private final DistroProtocol<String, Parts> node = a.node;

    @Test
    void aPublicationIsOwnedStampedAndTold() {
        assertThat(node.publish(LINK, ClientKind.CONNECTION, UP, ORDERS)).isTrue();

        DistroRecord<Parts> record = a.record(LINK);
        long now = StampClock.hybridOf(a.time.wallMillis(), 0);
        assertThat(record)
                .isEqualTo(new DistroRecord<>(
                        LINK, ClientKind.CONNECTION, A, 1, new Stamp(now, now, 0, A, 1), UP, Cause.PUBLISHED));
        assertThat(a.told).containsExactly(new DistroChange<>(LINK, null, record, ORDERS, Cause.PUBLISHED));
        assertThat(node.owns(LINK)).isTrue();
    }

    @Test
    void aPublicationIsNeverCompared() {
        for (int i = 0; i < 10; i++) {
            node.publish(LINK, ClientKind.CONNECTION, i % 2 == 0 ? UP : DOWN, ORDERS);
        }

        assertThat(a.port.comparisons()).isZero();
        assertThat(a.told).hasSize(10);
    }

    @Test
    void theNextPublicationHasAGreaterStampEvenWhenTheWallClockGoesBack() {
        a.register(LINK, ClientKind.CONNECTION);
        Stamp first = a.stamp(LINK);
        a.time.jumpWall(Duration.ofHours(-1));

        a.register(LINK, ClientKind.CONNECTION);

        assertThat(a.stamp(LINK)).isGreaterThan(first);
    }

    @Test
    void aConnectionThatIsGoneCannotPublishAgain() {
        a.register(LINK, ClientKind.CONNECTION);
        node.withdraw(LINK);
        a.forgetWhatWasTold();

        assertThat(node.publish(LINK, ClientKind.CONNECTION, UP, ORDERS)).isFalse();
        assertThat(node.record(LINK)).isNull();
        assertThat(a.told).isEmpty();
    }

    @Test
    void aConnectionThatClosedBeforeItPublishedAnythingCannotPublish() {
        node.withdraw(LINK);

        assertThat(node.publish(LINK, ClientKind.CONNECTION, UP, ORDERS)).isFalse();
    }

    @Test
    void aConnectionOfAnotherNodeIsNotOursToWrite() {
        a.receive(fromB(LINK, ClientKind.CONNECTION, new Stamp(5, 5, 0, B, 1), UP, Cause.PUBLISHED));

        assertThat(node.publish(LINK, ClientKind.CONNECTION, DOWN, ORDERS)).isFalse();
        assertThat(node.heard(LINK)).isFalse();
        assertThat(node.revive(LINK, DOWN, ORDERS)).isFalse();
        assertThat(node.lapse(LINK, DOWN, ORDERS)).isFalse();
        assertThat(node.adopt(LINK)).isFalse();
        assertThat(node.withdraw(LINK)).isFalse();
        assertThat(node.drained(LINK)).isFalse();
        assertThat(node.expire(LINK)).isFalse();
        assertThat(a.record(LINK).data()).isEqualTo(UP);
    }

    @Test
    void theKindOfALivingClientCannotChange() {
        a.register(BEAT, ClientKind.BEAT);

        assertThatThrownBy(() -> a.register(BEAT, ClientKind.CONNECTION)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aWithdrawalLeavesATombstoneAndTellsWhatWasThere() {
        a.register(BEAT, ClientKind.BEAT);
        DistroRecord<Parts> before = a.record(BEAT);

        assertThat(node.withdraw(BEAT)).isTrue();

        assertThat(node.record(BEAT)).isNull();
        assertThat(a.last()).isEqualTo(new DistroChange<>(BEAT, before, a.known(BEAT), ORDERS, Cause.WITHDRAWN));
        assertThat(a.last().isGone()).isTrue();
        assertThat(a.stamp(BEAT).told()).isGreaterThan(before.stamp().told());
    }

    @Test
    void aWithdrawalOfAnUnknownClientLeavesATombstoneThatHoldsOffItsLateRegistration() {
        Stamp early = new Stamp(5, 5, 0, B, 1);

        assertThat(node.withdraw(BEAT)).isFalse();

        assertThat(a.told).isEmpty();
        assertThat(a.receive(fromB(BEAT, ClientKind.BEAT, early, UP, Cause.PUBLISHED)))
                .isFalse();
        assertThat(node.record(BEAT)).isNull();
    }

    @Test
    void aRegistrationAfterAWithdrawalCounts() {
        a.register(BEAT, ClientKind.BEAT);
        node.withdraw(BEAT);

        assertThat(node.publish(BEAT, ClientKind.BEAT, UP, ORDERS)).isTrue();
        assertThat(a.record(BEAT).data()).isEqualTo(UP);
        assertThat(node.ignoresBeat(BEAT)).isFalse();
    }

    @Test
    void aWithdrawalHoldsOffBeatsForItsTimes() {
        node.withdraw(BEAT);
        a.time.pass(Duration.ofMillis(4_999));

        assertThat(node.ignoresBeat(BEAT)).isTrue();
        a.time.pass(Duration.ofMillis(1));
        assertThat(node.ignoresBeat(BEAT)).isFalse();
        assertThat(node.refusesBeat(BEAT)).isTrue();
    }

    @Test
    void anExpiryIsNoWithdrawal() {
        a.register(BEAT, ClientKind.BEAT);
        node.expire(BEAT);

        assertThat(node.ignoresBeat(BEAT)).isFalse();
    }

    @Test
    void aLapseKeepsTheTimesAndRaisesTheCount() {
        a.register(BEAT, ClientKind.BEAT);
        Stamp registered = a.stamp(BEAT);
        a.time.pass(Duration.ofSeconds(15));

        assertThat(node.lapse(BEAT, DOWN, ORDERS)).isTrue();

        assertThat(a.stamp(BEAT)).isEqualTo(new Stamp(registered.told(), registered.heard(), 1, A, 1));
        assertThat(a.last().cause()).isEqualTo(Cause.LAPSED);
        assertThat(a.record(BEAT).data()).isEqualTo(DOWN);
    }

    @Test
    void anExpiryIsALapseWithATombstone() {
        a.register(BEAT, ClientKind.BEAT);
        Stamp registered = a.stamp(BEAT);
        node.lapse(BEAT, DOWN, ORDERS);

        assertThat(node.expire(BEAT)).isTrue();

        assertThat(a.stamp(BEAT)).isEqualTo(new Stamp(registered.told(), registered.heard(), 2, A, 1));
        assertThat(a.known(BEAT).cause()).isEqualTo(Cause.SILENCE);
        assertThat(node.expire(BEAT)).isFalse();
    }

    @Test
    void aBeatThatRevivesKeepsWhenItWasTold() {
        a.register(BEAT, ClientKind.BEAT);
        Stamp registered = a.stamp(BEAT);
        node.lapse(BEAT, DOWN, ORDERS);
        a.time.pass(Duration.ofSeconds(20));

        assertThat(node.revive(BEAT, UP, ORDERS)).isTrue();

        long now = StampClock.hybridOf(a.time.wallMillis(), 0);
        assertThat(a.stamp(BEAT)).isEqualTo(new Stamp(registered.told(), now, 0, A, 1));
        assertThat(a.last().cause()).isEqualTo(Cause.HEARD);
    }

    @Test
    void aBeatCannotReviveWhatIsGone() {
        assertThat(node.revive(BEAT, UP, ORDERS)).isFalse();
        assertThat(node.heard(BEAT)).isFalse();
    }

    @Test
    void whatABeatCreatesGivesWayToAnyRegistration() {
        assertThat(node.createdByBeat(BEAT, UP, ORDERS)).isTrue();
        assertThat(a.stamp(BEAT).told()).isZero();
        assertThat(node.createdByBeat(BEAT, DOWN, ORDERS)).isFalse();

        Stamp earlier = new Stamp(1, 1, 0, B, 1);
        assertThat(a.receive(fromB(BEAT, ClientKind.BEAT, earlier, DOWN, Cause.PUBLISHED)))
                .isTrue();
        assertThat(a.record(BEAT).data()).isEqualTo(DOWN);
    }

    @Test
    void aBeatBringsBackWhatExpired() {
        a.register(BEAT, ClientKind.BEAT);
        long told = a.stamp(BEAT).told();
        node.expire(BEAT);

        assertThat(node.createdByBeat(BEAT, UP, ORDERS)).isTrue();

        assertThat(a.record(BEAT).data()).isEqualTo(UP);
        assertThat(a.stamp(BEAT).told()).isEqualTo(told);
    }

    @Test
    void aRecordOfAnotherNodeTakesTheSamePath() {
        Stamp first = new Stamp(10, 10, 0, B, 1);
        Stamp second = new Stamp(20, 20, 0, B, 1);
        Parts more = Parts.of("orders", "up", "stock", "up");
        var one = fromB(BEAT, ClientKind.BEAT, first, UP, Cause.PUBLISHED);
        var two = fromB(BEAT, ClientKind.BEAT, second, more, Cause.PUBLISHED);

        assertThat(a.receive(one)).isTrue();
        assertThat(a.receive(two)).isTrue();

        assertThat(a.told).hasSize(2);
        assertThat(a.last().before()).isEqualTo(one);
        assertThat(a.last().after()).isEqualTo(two);
        assertThat(a.last().keys()).containsExactly("stock");
    }

    @Test
    void olderAndRepeatedRecordsChangeNothing() {
        var older = fromB(BEAT, ClientKind.BEAT, new Stamp(10, 10, 0, B, 1), DOWN, Cause.PUBLISHED);
        var newer = fromB(BEAT, ClientKind.BEAT, new Stamp(20, 20, 0, B, 1), UP, Cause.PUBLISHED);
        a.receive(newer);
        a.forgetWhatWasTold();

        assertThat(a.receive(older)).isFalse();
        assertThat(a.receive(newer)).isFalse();
        assertThat(a.record(BEAT)).isEqualTo(newer);
        assertThat(a.told).isEmpty();
    }

    @Test
    void aNodeThatDidNotHearCannotOutvoteOneThatDid() {
        a.register(BEAT, ClientKind.BEAT);
        Stamp registered = a.stamp(BEAT);
        node.heard(BEAT);
        Stamp lapsed = new Stamp(registered.told(), registered.heard(), 2, B, 1);

        assertThat(a.receive(fromB(BEAT, ClientKind.BEAT, lapsed, null, Cause.SILENCE)))
                .isFalse();
        assertThat(a.record(BEAT).data()).isEqualTo(UP);
    }

    @Test
    void aBeatTakesARecordOverFromAnotherNodeOnce() {
        Stamp stamp = new Stamp(10, 10, 0, B, 1);
        a.receive(fromB(BEAT, ClientKind.BEAT, stamp, UP, Cause.PUBLISHED));

        assertThat(node.adopt(BEAT)).isTrue();

        assertThat(node.owns(BEAT)).isTrue();
        assertThat(a.stamp(BEAT).told()).isEqualTo(10);
        assertThat(a.last().keys()).isEmpty();
        assertThat(node.adopt(BEAT)).isFalse();
    }

    @Test
    void aClockFarAheadIsFollowedAndShown() {
        long ahead =
                StampClock.hybridOf(a.time.wallMillis() + Duration.ofDays(30).toMillis(), 0);
        a.receive(fromB(BEAT, ClientKind.BEAT, new Stamp(ahead, ahead, 0, B, 1), DOWN, Cause.PUBLISHED));

        a.register(BEAT, ClientKind.BEAT);

        assertThat(a.stamp(BEAT).told()).isEqualTo(ahead + 1);
        assertThat(node.driftMillis()).isEqualTo(Duration.ofDays(30).toMillis());
        assertThat(node.hybridMillis()).isEqualTo(StampClock.millisOf(ahead));
    }

    @Test
    void aStampBeyondAnyClockIsRefusedAndLeavesTheClockAlone() {
        long before = node.hybridMillis();
        Stamp absurd = new Stamp(Long.MAX_VALUE - 1, 0, 0, B, 1);
        Stamp endless = new Stamp(1, 1, Integer.MAX_VALUE, B, 1);

        assertThat(a.receive(fromB(BEAT, ClientKind.BEAT, absurd, UP, Cause.PUBLISHED)))
                .isFalse();
        assertThat(a.receive(fromB(BEAT, ClientKind.BEAT, endless, UP, Cause.PUBLISHED)))
                .isFalse();
        assertThat(node.hybridMillis()).isEqualTo(before);
    }

    @Test
    void tombstonesAreForgottenAfterTheirTimeByOneTimer() {
        for (int i = 0; i < 100; i++) {
            node.withdraw(new ClientId("c" + i));
        }
        assertThat(a.time.armedNow()).isEqualTo(1);
        assertThat(node.status().tombstones()).isEqualTo(100);

        a.time.pass(Duration.ofSeconds(60));

        assertThat(node.status().tombstones()).isZero();
        assertThat(a.time.armedNow()).isZero();
    }

    @Test
    void aListenerMayWriteWhileItIsTold() {
        DistroFixture world = new DistroFixture();
        ClientId other = new ClientId("other");
        List<ClientId> order = new ArrayList<>();
        List<DistroProtocol<String, Parts>> itself = new ArrayList<>();
        DistroProtocol<String, Parts> writing =
                new DistroProtocol<>(A, 1, DistroConfig.defaults(), world.ports, change -> {
                    order.add(change.client());
                    if (change.client().equals(BEAT) && change.isGone()) {
                        itself.get(0).withdraw(other);
                    }
                });
        itself.add(writing);
        writing.publish(BEAT, ClientKind.BEAT, UP, ORDERS);
        writing.publish(other, ClientKind.BEAT, UP, ORDERS);

        writing.withdraw(BEAT);

        assertThat(order).containsExactly(BEAT, other, BEAT, other);
        assertThat(writing.status().records()).isZero();
    }
}
