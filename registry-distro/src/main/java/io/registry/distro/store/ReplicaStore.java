package io.registry.distro.store;

import io.registry.distro.model.ClientId;
import io.registry.distro.model.DistroRecord;
import java.util.Collection;
import java.util.Collections;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The records that a node knows, its own and others': one for each client that lives, and tombstones apart.
 *
 * <p>Of two records of one client the one with the greater stamp is kept, whatever the order of their arrival and
 * however often they arrive. Records are ordered by client.
 *
 * <p><b>Bounds:</b> none for living records, which are facts: their number is bounded where clients are admitted.
 *
 * <p><b>Threading:</b> runs on the owner's loop.
 *
 * @param <D> what clients publish
 */
public final class ReplicaStore<D> {

    private final TreeMap<ClientId, DistroRecord<D>> living = new TreeMap<>();
    private final Collection<DistroRecord<D>> livingView = Collections.unmodifiableCollection(living.values());
    private final Tombstones<D> tombstones;

    /**
     * Makes an empty store.
     *
     * @param tombstones where tombstones go; belongs to this store from now on
     */
    public ReplicaStore(Tombstones<D> tombstones) {
        this.tombstones = tombstones;
    }

    /** Returns the living record of a client; null where there is none. */
    public @Nullable DistroRecord<D> find(ClientId client) {
        return living.get(client);
    }

    /** Returns what is known of a client: its living record or its tombstone; null where nothing is. */
    public @Nullable DistroRecord<D> known(ClientId client) {
        DistroRecord<D> alive = living.get(client);
        return alive != null ? alive : tombstones.find(client);
    }

    /** Returns whether a record is later than what is known of its client, so that it would be kept. */
    public boolean isLater(DistroRecord<D> record) {
        DistroRecord<D> known = known(record.client());
        return known == null || record.stamp().isAfter(known.stamp());
    }

    /**
     * Keeps a record if it is later than what is known of its client.
     *
     * @param nowMillis now, by the monotonic clock
     * @return whether it was later; if not, nothing was changed
     */
    public boolean merge(DistroRecord<D> record, long nowMillis) {
        if (!isLater(record)) {
            return false;
        }
        if (record.isTombstone()) {
            living.remove(record.client());
            tombstones.put(record, nowMillis);
        } else {
            tombstones.remove(record.client());
            living.put(record.client(), record);
        }
        return true;
    }

    /**
     * Changes what this node shows of a client, without a write: the record keeps its stamp, so that any later word of
     * its owner replaces it.
     *
     * @param record a living record with the stamp of the one that is known
     */
    public void amend(DistroRecord<D> record) {
        DistroRecord<D> alive = living.get(record.client());
        if (alive == null || record.isTombstone() || !alive.stamp().equals(record.stamp())) {
            throw new IllegalStateException("amended: " + record + " known: " + alive);
        }
        living.put(record.client(), record);
    }

    /** Drops the living record of a client and leaves no tombstone, so that its owner can restore it. */
    public void forget(ClientId client) {
        living.remove(client);
    }

    /** Returns the living records, ordered by client: a view that cannot be changed, and changes with the store. */
    public Collection<DistroRecord<D>> records() {
        return livingView;
    }

    /** Returns how many clients live. */
    public int liveCount() {
        return living.size();
    }

    /** Returns the memory of what is gone. */
    public Tombstones<D> tombstones() {
        return tombstones;
    }
}
