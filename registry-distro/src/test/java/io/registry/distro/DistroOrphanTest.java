package io.registry.distro;

import static io.registry.distro.DistroFixture.B;
import static io.registry.distro.DistroFixture.BEAT;
import static io.registry.distro.DistroFixture.LINK;
import static io.registry.distro.DistroFixture.ORDERS;
import static io.registry.distro.DistroFixture.UP;
import static io.registry.distro.DistroFixture.fromB;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.distro.model.Cause;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.ClientKind;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.Stamp;
import io.registry.distro.testkit.Parts;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DistroOrphanTest {

    private static final Parts BOTH = Parts.of("orders", "up", "stock", "up");

    private final DistroFixture a = new DistroFixture();

    @Test
    void aDrainedConnectionStaysForTheGraceAndGoesInSilence() {
        a.register(LINK, ClientKind.CONNECTION);
        Stamp before = a.stamp(LINK);
        a.forgetWhatWasTold();

        assertThat(a.node.drained(LINK)).isTrue();
        assertThat(a.node.drained(LINK)).isFalse();

        a.time.pass(Duration.ofMillis(29_999));
        assertThat(a.told).isEmpty();
        assertThat(a.node.isOrphan(LINK)).isTrue();
        a.time.pass(Duration.ofMillis(1));
        assertThat(a.last().cause()).isEqualTo(Cause.SILENCE);
        assertThat(a.node.record(LINK)).isNull();
        assertThat(a.stamp(LINK).told()).isEqualTo(before.told());
        assertThat(a.node.isOrphan(LINK)).isFalse();
    }

    @Test
    void aDrainedConnectionCannotPublish() {
        a.register(LINK, ClientKind.CONNECTION);
        a.node.drained(LINK);

        assertThat(a.node.publish(LINK, ClientKind.CONNECTION, BOTH, ORDERS)).isFalse();
        assertThat(a.record(LINK).data()).isEqualTo(UP);
    }

    @Test
    void aDrainedConnectionCanBeWithdrawnAtOnce() {
        a.register(LINK, ClientKind.CONNECTION);
        a.node.drained(LINK);

        assertThat(a.node.withdraw(LINK)).isTrue();

        assertThat(a.last().cause()).isEqualTo(Cause.WITHDRAWN);
        assertThat(a.node.orphanCount()).isZero();
        a.forgetWhatWasTold();
        a.time.pass(DistroConfig.defaults().drainGrace().multipliedBy(2));
        assertThat(a.told).isEmpty();
    }

    @Test
    void restoredRecordsAreShownAndForgottenAfterTheLeaseWithoutATombstone() {
        DistroFixture b = restartedWith(LINK, ClientKind.CONNECTION);

        assertThat(b.last().cause()).isEqualTo(Cause.RESTORED);
        assertThat(b.last().keys()).containsExactly("orders");
        assertThat(b.node.isOrphan(LINK)).isTrue();
        b.time.pass(Duration.ofMillis(59_999));
        assertThat(b.node.record(LINK)).isNotNull();
        b.time.pass(Duration.ofMillis(1));

        assertThat(b.node.record(LINK)).isNull();
        assertThat(b.node.known(LINK)).isNull();
        assertThat(b.last().cause()).isEqualTo(Cause.FORGOTTEN);
        assertThat(b.last().after()).isNull();
        assertThat(b.last().keys()).containsExactly("orders");
        assertThat(b.time.armedNow()).isZero();
    }

    @Test
    void aRestoredBeatRecordIsTakenOverByABeatAndStays() {
        DistroFixture b = restartedWith(BEAT, ClientKind.BEAT);
        long told = b.stamp(BEAT).told();

        assertThat(b.node.adopt(BEAT)).isTrue();

        assertThat(b.node.isOrphan(BEAT)).isFalse();
        assertThat(b.node.owns(BEAT)).isTrue();
        assertThat(b.stamp(BEAT).told()).isEqualTo(told);
        assertThat(b.stamp(BEAT).heard()).isGreaterThan(told);
        b.time.pass(Duration.ofSeconds(61));
        assertThat(b.node.record(BEAT)).isNotNull();
    }

    @Test
    void aRestoredBeatRecordThatIsRegisteredAgainStays() {
        DistroFixture b = restartedWith(BEAT, ClientKind.BEAT);

        b.register(BEAT, ClientKind.BEAT);

        b.time.pass(Duration.ofSeconds(61));
        assertThat(b.node.record(BEAT)).isNotNull();
        assertThat(b.node.orphanCount()).isZero();
    }

    @Test
    void aRestoredConnectionCannotBeAdopted() {
        DistroFixture b = restartedWith(LINK, ClientKind.CONNECTION);

        assertThat(b.node.adopt(LINK)).isFalse();
        assertThat(b.node.publish(LINK, ClientKind.CONNECTION, UP, ORDERS)).isFalse();
        assertThat(b.node.isOrphan(LINK)).isTrue();
    }

    @Test
    void anOrphanIsNotTimedAsIfItWereOwned() {
        DistroFixture b = restartedWith(BEAT, ClientKind.BEAT);

        assertThat(b.node.lapse(BEAT, BOTH, ORDERS)).isFalse();
        assertThat(b.node.expire(BEAT)).isFalse();
        assertThat(b.node.drained(BEAT)).isFalse();
        assertThat(b.record(BEAT).data()).isEqualTo(UP);
    }

    @Test
    void aRestoredClientCanBeDeregistered() {
        DistroFixture b = restartedWith(BEAT, ClientKind.BEAT);

        assertThat(b.node.withdraw(BEAT)).isTrue();

        assertThat(b.last().cause()).isEqualTo(Cause.WITHDRAWN);
        assertThat(b.node.orphanCount()).isZero();
    }

    @Test
    void theClockOfANewLifeIsAboveTheRestoredStamps() {
        a.time.jumpWall(Duration.ofMinutes(10));
        a.register(BEAT, ClientKind.BEAT);
        a.time.jumpWall(Duration.ofMinutes(-10));
        DistroFixture b = a.restarted(2);
        b.restore(a.snapshot(), DistroConfig.defaults().ownerLease());

        b.register(BEAT, ClientKind.BEAT);

        assertThat(b.stamp(BEAT)).isGreaterThan(a.stamp(BEAT));
    }

    @Test
    void aLaterWriteOfAnotherNodeEndsTheOrphan() {
        DistroFixture b = restartedWith(BEAT, ClientKind.BEAT);
        long later = b.stamp(BEAT).told() + 1;

        b.receive(fromB(BEAT, ClientKind.BEAT, new Stamp(later, later, 0, B, 1), BOTH, Cause.PUBLISHED));

        assertThat(b.node.isOrphan(BEAT)).isFalse();
        for (int second = 0; second < 61; second++) {
            b.time.pass(Duration.ofSeconds(1));
            b.digestOfB();
        }
        assertThat(b.record(BEAT).data()).isEqualTo(BOTH);
    }

    @Test
    void whatThisNodeHadGivenUpAndIsHandedBackGoesUnlessItIsHeard() {
        a.register(BEAT, ClientKind.BEAT);
        DistroRecord<Parts> own = a.record(BEAT);
        Stamp later = new Stamp(own.stamp().told() + 1, own.stamp().told() + 1, 0, B, 1);
        a.receive(fromB(BEAT, ClientKind.BEAT, later, UP, Cause.PUBLISHED));
        a.time.pass(Duration.ofSeconds(31));
        assertThat(a.node.record(BEAT)).isNull();

        a.receive(own);
        assertThat(a.node.isOrphan(BEAT)).isTrue();
        assertThat(a.node.adopt(BEAT)).isTrue();
        assertThat(a.node.isOrphan(BEAT)).isFalse();
        a.node.withdraw(BEAT);
        a.time.pass(DistroConfig.defaults().tombstoneTtlAway().plusMinutes(1));
        a.receive(own);
        a.time.pass(Duration.ofSeconds(31));

        assertThat(a.node.record(BEAT)).isNull();
        assertThat(a.known(BEAT).cause()).isEqualTo(Cause.SILENCE);
    }

    @Test
    void aSnapshotDoesNotReplaceWhatIsNewer() {
        a.register(BEAT, ClientKind.BEAT);
        DistroFixture b = a.restarted(2);
        b.node.publish(BEAT, ClientKind.BEAT, BOTH, ORDERS);
        a.time.pass(Duration.ofSeconds(1));
        b.node.publish(BEAT, ClientKind.BEAT, BOTH, ORDERS);

        b.restore(a.snapshot(), DistroConfig.defaults().ownerLease());

        assertThat(b.record(BEAT).data()).isEqualTo(BOTH);
        assertThat(b.node.isOrphan(BEAT)).isFalse();
    }

    @Test
    void aCrashLoopDoesNotProlongTheLease() {
        DistroFixture b = restartedWith(LINK, ClientKind.CONNECTION);
        b.time.pass(Duration.ofSeconds(40));
        Duration left = b.node.restoredLeaseLeft(LINK);
        assertThat(left).isEqualTo(Duration.ofSeconds(20));

        DistroFixture c = a.restarted(3);
        c.restore(b.snapshot(), Duration.ofSeconds(20));

        c.time.pass(Duration.ofSeconds(20));
        assertThat(c.node.record(LINK)).isNull();
    }

    @Test
    void aLeaseThatIsOverRestoresNothingAndNoLeaseIsLongerThanTheOwners() {
        a.register(LINK, ClientKind.CONNECTION);
        DistroFixture b = a.restarted(2);

        b.restore(a.snapshot(), Duration.ZERO);
        assertThat(b.snapshot()).isEmpty();
        DistroFixture c = a.restarted(3);
        c.restore(a.snapshot(), Duration.ofDays(9));
        assertThat(c.node.restoredLeaseLeft(LINK)).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void onlyARestoredOrphanHasALeaseLeft() {
        a.register(LINK, ClientKind.CONNECTION);
        assertThat(a.node.restoredLeaseLeft(LINK)).isNull();

        a.node.drained(LINK);

        assertThat(a.node.restoredLeaseLeft(LINK)).isNull();
    }

    @Test
    void whatASuccessorWithdrewIsTrimmedFromARestoredOrphanWithoutAWrite() {
        a.node.publish(LINK, ClientKind.CONNECTION, BOTH, List.of("orders", "stock"));
        DistroFixture b = a.restarted(2);
        b.restore(a.snapshot(), DistroConfig.defaults().ownerLease());
        Stamp restored = b.stamp(LINK);

        assertThat(b.node.trim(LINK, UP, List.of("stock"))).isTrue();

        assertThat(b.record(LINK).data()).isEqualTo(UP);
        assertThat(b.stamp(LINK)).isEqualTo(restored);
        assertThat(b.last().cause()).isEqualTo(Cause.WITHDRAWN);
        assertThat(b.node.isOrphan(LINK)).isTrue();
        assertThat(b.node.trim(LINK, null, ORDERS)).isTrue();
        assertThat(b.node.known(LINK)).isNull();
        assertThat(b.last().cause()).isEqualTo(Cause.WITHDRAWN);
    }

    @Test
    void whatASuccessorWithdrewIsTrimmedFromADrainedConnectionBelowTheSuccessorsStamp() {
        a.node.publish(LINK, ClientKind.CONNECTION, BOTH, List.of("orders", "stock"));
        a.node.drained(LINK);
        ClientId successor = new ClientId("successor");
        a.register(successor, ClientKind.CONNECTION);

        assertThat(a.node.trim(LINK, UP, List.of("stock"))).isTrue();

        assertThat(a.record(LINK).data()).isEqualTo(UP);
        assertThat(a.stamp(LINK)).isLessThan(a.stamp(successor));
        a.time.pass(DistroConfig.defaults().drainGrace());
        assertThat(a.node.record(LINK)).isNull();
        assertThat(a.last().cause()).isEqualTo(Cause.SILENCE);
    }

    @Test
    void aDrainedConnectionOfWhichNothingIsLeftIsWithdrawn() {
        a.register(LINK, ClientKind.CONNECTION);
        a.node.drained(LINK);

        assertThat(a.node.trim(LINK, null, ORDERS)).isTrue();

        assertThat(a.known(LINK).cause()).isEqualTo(Cause.WITHDRAWN);
        assertThat(a.node.orphanCount()).isZero();
    }

    @Test
    void anOrphanThatIsHastenedGoesSoonerAndNeverLater() {
        a.register(LINK, ClientKind.CONNECTION);
        a.node.drained(LINK);
        a.forgetWhatWasTold();

        a.node.hasten(LINK, Duration.ofSeconds(10));
        a.time.pass(Duration.ofSeconds(9));
        a.node.hasten(LINK, Duration.ofSeconds(10));
        assertThat(a.told).isEmpty();
        a.time.pass(Duration.ofSeconds(1));

        assertThat(a.node.record(LINK)).isNull();
        assertThat(a.last().cause()).isEqualTo(Cause.SILENCE);
        assertThat(a.time.armedNow()).as("for the tombstone").isOne();
    }

    @Test
    void aClientThatIsNoOrphanIsNotHastened() {
        a.register(LINK, ClientKind.CONNECTION);

        a.node.hasten(LINK, Duration.ofSeconds(10));
        a.time.pass(Duration.ofSeconds(60));

        assertThat(a.record(LINK).data()).isEqualTo(UP);
        assertThat(a.node.isOrphan(LINK)).isFalse();
    }

    @Test
    void aClientThatIsNoOrphanCannotBeTrimmed() {
        a.register(LINK, ClientKind.CONNECTION);

        assertThat(a.node.trim(LINK, null, ORDERS)).isFalse();
        assertThat(a.record(LINK).data()).isEqualTo(UP);
    }

    @Test
    void manyOrphansNeedOneTimerAndEndInOrderOfClient() {
        for (int i = 0; i < 2_000; i++) {
            a.register(new ClientId(String.format("c%04d", i)), ClientKind.CONNECTION);
        }
        DistroFixture b = a.restarted(2);
        b.restore(a.snapshot(), DistroConfig.defaults().ownerLease());
        b.forgetWhatWasTold();
        int armedBefore = b.time.armedEver();
        assertThat(b.time.armedNow()).isEqualTo(1);

        b.time.pass(Duration.ofSeconds(60));

        assertThat(b.snapshot()).isEmpty();
        assertThat(b.told)
                .hasSize(2_000)
                .isSortedAccordingTo((x, y) -> x.client().compareTo(y.client()));
        assertThat(b.time.armedEver() - armedBefore).isBetween(1, 10);
    }

    private DistroFixture restartedWith(ClientId client, ClientKind kind) {
        a.register(client, kind);
        DistroFixture restarted = a.restarted(2);
        restarted.restore(a.snapshot(), DistroConfig.defaults().ownerLease());
        return restarted;
    }
}
