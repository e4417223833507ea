package io.registry.distro.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.distro.model.Cause;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.ClientKind;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.NodeId;
import io.registry.distro.model.Stamp;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReplicaStoreTest {

    private static final NodeId NODE = new NodeId("a");
    private static final ClientId X = new ClientId("x");

    private final ReplicaStore<String> store = new ReplicaStore<>(new Tombstones<>(2));

    @Test
    void laterRecordReplacesAnEarlierOne() {
        store.merge(record("x", 1, "old"), 0);

        assertThat(store.merge(record("x", 2, "new"), 0)).isTrue();
        assertThat(store.find(X)).isEqualTo(record("x", 2, "new"));
    }

    @Test
    void olderStampIsIgnored() {
        store.merge(record("x", 2, "new"), 0);

        assertThat(store.merge(record("x", 1, "old"), 0)).isFalse();
        assertThat(store.find(X)).isEqualTo(record("x", 2, "new"));
    }

    @Test
    void replayOfTheSameStampIsIgnored() {
        store.merge(record("x", 1, "first"), 0);

        assertThat(store.merge(record("x", 1, "second"), 0)).isFalse();
        assertThat(store.find(X)).isEqualTo(record("x", 1, "first"));
    }

    @Test
    void aTombstoneEndsARecordAndHoldsOffLateMessages() {
        store.merge(record("x", 1, "data"), 0);
        store.merge(record("x", 3, null), 0);

        assertThat(store.merge(record("x", 2, "late"), 0)).isFalse();
        assertThat(store.find(X)).isNull();
        assertThat(store.known(X)).isEqualTo(record("x", 3, null));
        assertThat(store.liveCount()).isZero();
        assertThat(store.tombstones().size()).isEqualTo(1);
    }

    @Test
    void aLaterRecordTakesTheTombstoneAway() {
        store.merge(record("x", 1, null), 0);
        store.merge(record("x", 2, "back"), 0);

        assertThat(store.records()).containsExactly(record("x", 2, "back"));
        assertThat(store.tombstones().size()).isZero();
    }

    @Test
    void recordsAreOrderedByClientAndCannotBeChangedFromOutside() {
        store.merge(record("b", 1, "2"), 0);
        store.merge(record("c", 1, "3"), 0);
        store.merge(record("a", 1, "1"), 0);

        assertThat(store.records()).extracting(DistroRecord::data).containsExactly("1", "2", "3");
        assertThatThrownBy(() -> store.records().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void theOldestTombstoneGoesAtTheBound() {
        store.merge(record("a", 1, null), 10);
        store.merge(record("b", 1, null), 20);
        store.merge(record("c", 1, null), 30);

        assertThat(store.tombstones().size()).isEqualTo(2);
        assertThat(store.known(new ClientId("a"))).isNull();
        assertThat(store.tombstones().oldestSinceMillis()).isEqualTo(20);
    }

    @Test
    void aTombstoneOfALaterWriteCountsAsYoung() {
        store.merge(record("a", 1, null), 10);
        store.merge(record("b", 1, null), 20);
        store.merge(record("a", 2, null), 30);

        store.tombstones().dropUntil(20);

        assertThat(store.known(new ClientId("b"))).isNull();
        assertThat(store.tombstones().sinceMillis(new ClientId("a"))).isEqualTo(30);
    }

    @Test
    void aForgottenRecordLeavesNothingBehind() {
        store.merge(record("x", 5, "data"), 0);

        store.forget(X);

        assertThat(store.known(X)).isNull();
        assertThat(store.merge(record("x", 1, "again"), 0)).isTrue();
    }

    @Test
    void anAmendmentKeepsTheStampAndGivesWayToTheNextWrite() {
        store.merge(record("x", 1, "whole"), 0);

        store.amend(record("x", 1, "part"));

        assertThat(store.find(X)).isEqualTo(record("x", 1, "part"));
        assertThat(store.merge(record("x", 2, "whole"), 0)).isTrue();
        assertThatThrownBy(() -> store.amend(record("x", 1, "part"))).isInstanceOf(IllegalStateException.class);
    }

    private static DistroRecord<String> record(String client, long told, @Nullable String data) {
        Cause cause = data == null ? Cause.WITHDRAWN : Cause.PUBLISHED;
        Stamp stamp = new Stamp(told, told, 0, NODE, 1);
        return new DistroRecord<>(new ClientId(client), ClientKind.BEAT, NODE, 1, stamp, data, cause);
    }
}
