package io.registry.distro.store;

import io.registry.distro.model.ClientId;
import io.registry.distro.model.DistroRecord;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
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
        Iterator<Entry<D>> oldestFirst = byAge.values().iterator();
        while (oldestFirst.hasNext() && oldestFirst.next().sinceMillis <= millis) {
            oldestFirst.remove();
        }
    }

    void put(DistroRecord<D> tombstone, long nowMillis) {
        byAge.remove(tombstone.client());
        if (byAge.size() >= max) {
            Iterator<Entry<D>> oldestFirst = byAge.values().iterator();
            oldestFirst.next();
            oldestFirst.remove();
        }
        byAge.put(tombstone.client(), new Entry<>(tombstone, nowMillis));
    }

    void remove(ClientId client) {
        byAge.remove(client);
    }

    private record Entry<D>(DistroRecord<D> record, long sinceMillis) {}
}
