package io.registry.distro.store;

import io.registry.distro.model.Buckets;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.DistroRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The records that a node knows, its own and others': one for each client that lives, and tombstones apart.
 *
 * <p>Of two records of one client the one with the greater stamp is kept, whatever the order of their arrival and
 * however often they arrive. Records are kept by bucket, and in each ordered by client.
 *
 * <p><b>Bounds:</b> none for living records, which are facts: their number is bounded where clients are admitted.
 *
 * <p><b>Threading:</b> runs on the owner's loop.
 *
 * @param <D> what clients publish
 */
public final class ReplicaStore<D> {

    private final List<Map<ClientId, DistroRecord<D>>> living = new ArrayList<>();
    private final Tombstones<D> tombstones;
    private int size;

    /**
     * Makes an empty store.
     *
     * @param tombstones where tombstones go; belongs to this store from now on
     */
    public ReplicaStore(Tombstones<D> tombstones) {
        this.tombstones = tombstones;
        for (int bucket = 0; bucket < Buckets.COUNT; bucket++) {
            living.add(new TreeMap<>());
        }
    }

    /** Returns the living record of a client; null where there is none. */
    public @Nullable DistroRecord<D> find(ClientId client) {
        return bucketOf(client).get(client);
    }

    /** Returns what is known of a client: its living record or its tombstone; null where nothing is. */
    public @Nullable DistroRecord<D> known(ClientId client) {
        DistroRecord<D> alive = find(client);
        return alive != null ? alive : tombstones.find(client);
    }

    /** Returns whether a record is later than what is known of its client, so that it would be kept. */
    public boolean isLater(DistroRecord<D> record) {
        DistroRecord<D> known = known(record.client());
        return known == null || record.stamp().isAfter(known.stamp());
    }

    /**
     * Keeps a record in the place of what is known of its client.
     *
     * @param nowMillis now, by the monotonic clock
     */
    public void keep(DistroRecord<D> record, long nowMillis) {
        if (record.isTombstone()) {
            forget(record.client());
            tombstones.put(record, nowMillis);
        } else {
            tombstones.remove(record.client());
            put(record);
        }
    }

    /**
     * Changes what this node shows of a client, without a write: the record keeps its stamp, so that any later word of
     * its owner replaces it.
     *
     * @param record a living record with the stamp of the one that is known
     */
    public void amend(DistroRecord<D> record) {
        DistroRecord<D> alive = find(record.client());
        if (alive == null || record.isTombstone() || !alive.stamp().equals(record.stamp())) {
            throw new IllegalStateException("amended: " + record + " known: " + alive);
        }
        put(record);
    }

    /** Drops the living record of a client and leaves no tombstone, so that its owner can restore it. */
    public void forget(ClientId client) {
        if (bucketOf(client).remove(client) != null) {
            size--;
        }
    }

    /** Returns the living records of a bucket, ordered by client: a view that cannot be changed, and changes with the store. */
    public Collection<DistroRecord<D>> records(int bucket) {
        return Collections.unmodifiableCollection(living.get(bucket).values());
    }

    /** Gives each living record, bucket by bucket, and in each ordered by client. The store must not change meanwhile. */
    public void forEach(Consumer<DistroRecord<D>> each) {
        for (Map<ClientId, DistroRecord<D>> bucket : living) {
            bucket.values().forEach(each);
        }
    }

    /** Returns how many clients live. */
    public int liveCount() {
        return size;
    }

    /** Drops the tombstone of a client. */
    public void forgetTombstone(ClientId client) {
        tombstones.remove(client);
    }

    /** Returns the memory of what is gone. */
    public Tombstones<D> tombstones() {
        return tombstones;
    }

    private Map<ClientId, DistroRecord<D>> bucketOf(ClientId client) {
        return living.get(Buckets.of(client));
    }

    private void put(DistroRecord<D> record) {
        if (bucketOf(record.client()).put(record.client(), record) == null) {
            size++;
        }
    }
}
