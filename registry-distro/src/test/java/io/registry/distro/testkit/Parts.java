package io.registry.distro.testkit;

import io.registry.distro.model.Sum;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * What a client of a simulation publishes: names with values. Never changed once made; one part more or less costs the
 * same for a client with thousands of them.
 */
public final class Parts {

    /** Nothing. */
    public static final Parts EMPTY = new Parts(TreePMap.empty(), 0);

    private final TreePMap<String, String> values;
    private final long sum;

    private Parts(TreePMap<String, String> values, long sum) {
        this.values = values;
        this.sum = sum;
    }

    /** Returns names and values in turn. */
    public static Parts of(String... namesAndValues) {
        Parts parts = EMPTY;
        for (int i = 0; i < namesAndValues.length; i += 2) {
            parts = parts.with(namesAndValues[i], namesAndValues[i + 1]);
        }
        return parts;
    }

    /** Returns this with one part added or replaced. */
    public Parts with(String name, String value) {
        String before = values.get(name);
        if (value.equals(before)) {
            return this;
        }
        long without = before == null ? sum : sum - sum(name, before);
        return new Parts(values.plus(name, value), without + sum(name, value));
    }

    /** Returns this without a part. */
    public Parts without(String name) {
        String before = values.get(name);
        return before == null ? this : new Parts(values.minus(name), sum - sum(name, before));
    }

    /** Returns the value of a part; null where there is none. */
    public @Nullable String get(String name) {
        return values.get(name);
    }

    /** Returns the parts by name, in order. */
    public TreePMap<String, String> values() {
        return values;
    }

    /** Returns how many parts there are. */
    public int size() {
        return values.size();
    }

    /** Returns a sum over all of it, the same in every process. */
    public long sum() {
        return sum;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof Parts parts && sum == parts.sum && values.equals(parts.values));
    }

    @Override
    public int hashCode() {
        return Long.hashCode(sum);
    }

    @Override
    public String toString() {
        return values.size() <= 8 ? values.toString() : values.size() + " parts, sum " + Long.toHexString(sum);
    }

    private static long sum(String name, String value) {
        return Sum.of(Sum.of(name), Sum.of(value));
    }
}
