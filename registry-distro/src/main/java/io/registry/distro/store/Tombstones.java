package io.registry.distro.store;

import io.registry.distro.model.Buckets;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.DistroRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tombstones that a node remembers, in the order in which it learnt of them. They keep late messages from reviving
 * what is gone, so they need to outlive messages and no more.
 *
 * <p><b>Bounds:</b> a number, at which the one known longest is dropped; and a time, which the owner keeps by calling
 * {@link #dropUntil}.
 *
 * <p><b>Threading:</b> runs on the owner's loop.
 *
 * @param <D> what clients publish
 */
public final class Tombstones<D> {

    private final int max;
    private final Map<ClientId, Entry<D>> byAge = new LinkedHashMap<>();
    private final List<TreeMap<ClientId, DistroRecord<D>>> byBucket = new ArrayList<>();

    /**
     * Makes an empty memory.
     *
     * @param max how many tombstones to remember; at least 1
     */
    public Tombstones(int max) {
        if (max < 1) {
            throw new IllegalArgumentException("tombstones max: " + max + " (expected: at least 1)");
        }
        this.max = max;
        for (int bucket = 0; bucket < Buckets.COUNT; bucket++) {
            byBucket.add(new TreeMap<>());
        }
    }

    /** Returns the tombstone of a client; null where none is remembered. */
    public @Nullable DistroRecord<D> find(ClientId client) {
        Entry<D> entry = byAge.get(client);
        return entry == null ? null : entry.record;
    }

    /**
     * Returns when this node learnt of the tombstone of a client, in milliseconds of the monotonic clock; null where
     * none is remembered.
     */
    public @Nullable Long sinceMillis(ClientId client) {
        Entry<D> entry = byAge.get(client);
        return entry == null ? null : entry.sinceMillis;
    }

    /** Returns since when the oldest is known, in milliseconds of the monotonic clock; null when there is none. */
    public @Nullable Long oldestSinceMillis() {
        return byAge.isEmpty() ? null : byAge.values().iterator().next().sinceMillis;
    }

    /** Returns those of a bucket, ordered by client. */
    public List<DistroRecord<D>> of(int bucket) {
        return List.copyOf(byBucket.get(bucket).values());
    }

    /** Returns all that are remembered, in the order in which this node learnt of them. */
    public List<DistroRecord<D>> all() {
        return byAge.values().stream().map(Entry::record).toList();
    }

    /** Returns how many are remembered. */
    public int size() {
        return byAge.size();
    }

    /**
     * Drops those that are known since a time or longer.
     *
     * @param millis the time, by the monotonic clock; the first that is younger ends the search
     */
    public void dropUntil(long millis) {
        while (!byAge.isEmpty()) {
            Entry<D> oldest = byAge.values().iterator().next();
            if (oldest.sinceMillis > millis) {
                break;
            }
            remove(oldest.record.client());
        }
    }

    void put(DistroRecord<D> tombstone, long nowMillis) {
        remove(tombstone.client());
        if (byAge.size() >= max) {
            remove(byAge.keySet().iterator().next());
        }
        byAge.put(tombstone.client(), new Entry<>(tombstone, nowMillis));
        byBucket.get(Buckets.of(tombstone.client())).put(tombstone.client(), tombstone);
    }

    void remove(ClientId client) {
        if (byAge.remove(client) != null) {
            byBucket.get(Buckets.of(client)).remove(client);
        }
    }

    private record Entry<D>(DistroRecord<D> record, long sinceMillis) {}
}
