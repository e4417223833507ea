package io.registry.distro.model;

import java.util.Arrays;

/**
 * One sum for each bucket, over the records in it that one incarnation of one node owns. Equal for equal records,
 * whatever the order in which they came.
 *
 * <p><b>Threading:</b> immutable.
 */
public final class BucketSums {

    /** The sums of nothing. */
    public static final BucketSums ZERO = new BucketSums(new long[Buckets.COUNT]);

    private final long[] sums;

    private BucketSums(long[] sums) {
        this.sums = sums;
    }

    /**
     * Returns the sums that are given, in the order of the buckets.
     *
     * @throws IllegalArgumentException where there is not one for each bucket
     */
    public static BucketSums of(long[] sums) {
        if (sums.length != Buckets.COUNT) {
            throw new IllegalArgumentException("sums: " + sums.length + " (expected: " + Buckets.COUNT + ")");
        }
        return new BucketSums(sums.clone());
    }

    /** Returns the sum of a bucket. */
    public long of(int bucket) {
        return sums[bucket];
    }

    /** Returns all sums, in the order of the buckets. */
    public long[] toArray() {
        return sums.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BucketSums that && Arrays.equals(sums, that.sums);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sums);
    }

    @Override
    public String toString() {
        return Long.toHexString(Arrays.hashCode(sums));
    }
}
