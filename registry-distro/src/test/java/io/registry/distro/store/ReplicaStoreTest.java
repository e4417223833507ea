package io.registry.distro.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.distro.model.Buckets;
import io.registry.distro.model.Cause;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.ClientKind;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.NodeId;
import io.registry.distro.model.Stamp;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReplicaStoreTest {

    private static final NodeId NODE = new NodeId("a");
    private static final ClientId X = new ClientId("x");

    private final ReplicaStore<String> store = new ReplicaStore<>(new Tombstones<>(2));

    @Test
    void laterRecordReplacesAnEarlierOne() {
        merge(record("x", 1, "old"), 0);

        assertThat(merge(record("x", 2, "new"), 0)).isTrue();
        assertThat(store.find(X)).isEqualTo(record("x", 2, "new"));
    }

    @Test
    void olderStampIsIgnored() {
        merge(record("x", 2, "new"), 0);

        assertThat(merge(record("x", 1, "old"), 0)).isFalse();
        assertThat(store.find(X)).isEqualTo(record("x", 2, "new"));
    }

    @Test
    void replayOfTheSameStampIsIgnored() {
        merge(record("x", 1, "first"), 0);

        assertThat(merge(record("x", 1, "second"), 0)).isFalse();
        assertThat(store.find(X)).isEqualTo(record("x", 1, "first"));
    }

    @Test
    void aTombstoneEndsARecordAndHoldsOffLateMessages() {
        merge(record("x", 1, "data"), 0);
        merge(record("x", 3, null), 0);

        assertThat(merge(record("x", 2, "late"), 0)).isFalse();
        assertThat(store.find(X)).isNull();
        assertThat(store.known(X)).isEqualTo(record("x", 3, null));
        assertThat(store.liveCount()).isZero();
        assertThat(store.tombstones().size()).isEqualTo(1);
    }

    @Test
    void aLaterRecordTakesTheTombstoneAway() {
        merge(record("x", 1, null), 0);
        merge(record("x", 2, "back"), 0);

        assertThat(store.find(X)).isEqualTo(record("x", 2, "back"));
        assertThat(store.tombstones().size()).isZero();
    }

    @Test
    void recordsOfABucketAreOrderedByClientAndCannotBeChangedFromOutside() {
        List<ClientId> sameBucket = IntStream.range(0, 10_000)
                .mapToObj(i -> new ClientId("c" + i))
                .filter(client -> Buckets.of(client) == 7)
                .toList();
        assertThat(sameBucket).hasSizeGreaterThan(10);
        for (ClientId client : sameBucket) {
            merge(record(client.value(), 1, "1"), 0);
        }

        assertThat(store.records(7))
                .extracting(DistroRecord::client)
                .containsExactlyElementsOf(sameBucket.stream().sorted().toList());
        assertThat(store.records(8)).isEmpty();
        assertThatThrownBy(() -> store.records(7).clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void theOldestTombstoneGoesAtTheBound() {
        merge(record("a", 1, null), 10);
        merge(record("b", 1, null), 20);
        merge(record("c", 1, null), 30);

        assertThat(store.tombstones().size()).isEqualTo(2);
        assertThat(store.known(new ClientId("a"))).isNull();
        assertThat(store.tombstones().oldestSinceMillis()).isEqualTo(20);
    }

    @Test
    void aTombstoneOfALaterWriteCountsAsYoung() {
        merge(record("a", 1, null), 10);
        merge(record("b", 1, null), 20);
        merge(record("a", 2, null), 30);

        store.tombstones().dropUntil(20);

        assertThat(store.known(new ClientId("b"))).isNull();
        assertThat(store.tombstones().sinceMillis(new ClientId("a"))).isEqualTo(30);
    }

    @Test
    void aForgottenRecordLeavesNothingBehind() {
        merge(record("x", 5, "data"), 0);

        store.forget(X);

        assertThat(store.known(X)).isNull();
        assertThat(merge(record("x", 1, "again"), 0)).isTrue();
    }

    @Test
    void anAmendmentKeepsTheStampAndGivesWayToTheNextWrite() {
        merge(record("x", 1, "whole"), 0);

        store.amend(record("x", 1, "part"));

        assertThat(store.find(X)).isEqualTo(record("x", 1, "part"));
        assertThat(merge(record("x", 2, "whole"), 0)).isTrue();
        assertThatThrownBy(() -> store.amend(record("x", 1, "part"))).isInstanceOf(IllegalStateException.class);
    }

    private static DistroRecord<String> record(String client, long told, @Nullable String data) {
        Cause cause = data == null ? Cause.WITHDRAWN : Cause.PUBLISHED;
        Stamp stamp = new Stamp(told, told, 0, NODE, 1);
        return new DistroRecord<>(new ClientId(client), ClientKind.BEAT, NODE, 1, stamp, data, cause);
    }

    private boolean merge(DistroRecord<String> record, long nowMillis) {
        boolean later = store.isLater(record);
        if (later) {
            store.keep(record, nowMillis);
        }
        return later;
    }
}
