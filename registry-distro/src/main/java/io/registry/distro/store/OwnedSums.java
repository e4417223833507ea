package io.registry.distro.store;

import io.registry.distro.model.BucketSums;
import io.registry.distro.model.Buckets;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.NodeId;
import io.registry.distro.model.Stamp;
import io.registry.distro.model.Sum;
import java.util.Map;
import java.util.TreeMap;

/**
 * For each incarnation of each owner, the sums of its records by bucket, kept up as records come and go. A sum is over
 * client, stamp and content.
 *
 * <p><b>Threading:</b> runs on the owner's loop.
 */
public final class OwnedSums {

    private final Map<NodeId, Map<Long, Sums>> byOwner = new TreeMap<>();

    private static final class Sums {
        private final long[] byBucket = new long[Buckets.COUNT];
        private int records;
    }

    /** Counts a record in. */
    public void add(DistroRecord<?> record, long contentSum) {
        Sums sums = byOwner.computeIfAbsent(record.owner(), owner -> new TreeMap<>())
                .computeIfAbsent(record.ownerIncarnation(), incarnation -> new Sums());
        sums.records++;
        sums.byBucket[Buckets.of(record.client())] += sum(record, contentSum);
    }

    /** Counts a record out that was counted in with the same stamp and content. */
    public void remove(DistroRecord<?> record, long contentSum) {
        Map<Long, Sums> incarnations = byOwner.get(record.owner());
        Sums sums = incarnations == null ? null : incarnations.get(record.ownerIncarnation());
        if (incarnations == null || sums == null) {
            throw new IllegalStateException("never counted: " + record.client() + " of " + record.owner());
        }
        sums.records--;
        sums.byBucket[Buckets.of(record.client())] -= sum(record, contentSum);
        if (sums.records == 0) {
            incarnations.remove(record.ownerIncarnation());
            if (incarnations.isEmpty()) {
                byOwner.remove(record.owner());
            }
        }
    }

    /** Returns the sums of an owner's records as they are now. */
    public BucketSums of(NodeId owner, long incarnation) {
        Map<Long, Sums> incarnations = byOwner.get(owner);
        Sums sums = incarnations == null ? null : incarnations.get(incarnation);
        return sums == null ? BucketSums.ZERO : BucketSums.of(sums.byBucket);
    }

    private static long sum(DistroRecord<?> record, long contentSum) {
        Stamp stamp = record.stamp();
        long sum = Sum.of(Sum.of(record.client().value()), Sum.of(stamp.writer().value()));
        sum = Sum.of(sum, stamp.told());
        sum = Sum.of(sum, stamp.heard());
        sum = Sum.of(sum, stamp.lapse());
        sum = Sum.of(sum, stamp.writerIncarnation());
        return Sum.of(sum, contentSum);
    }
}
