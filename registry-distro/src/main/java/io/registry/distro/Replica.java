package io.registry.distro;

import io.registry.distro.Orphans.Orphan;
import io.registry.distro.model.Cause;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.port.DataPort;
import io.registry.distro.port.DistroClock;
import io.registry.distro.port.DistroTimer;
import io.registry.distro.store.ReplicaStore;
import io.registry.distro.store.Tombstones;
import io.registry.distro.task.WakeUp;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The store, what time does to it, and the listener that is told: everything that is the same for a write of this node,
 * of another, and of an earlier life. Does not know who may write what.
 *
 * <p><b>Threading:</b> runs on the loop.
 */
final class Replica<K, D> {

    /** So that a mass of orphans that end together does not keep the loop from everything else; the rest follow. */
    private static final int ENDS_PER_TURN = 512;

    private final DataPort<K, D> port;
    private final DistroClock clock;
    private final DistroListener<K, D> listener;
    private final Consumer<Orphan> onOrphanEnd;
    private final long tombstoneTtlMillis;
    private final ReplicaStore<D> store;
    private final Orphans orphans = new Orphans();
    private final WakeUp wakeUp;

    /**
     * Makes an empty replica.
     *
     * @param onOrphanEnd ends the record of an orphan whose time has come; its mark is gone already
     */
    Replica(
            DistroConfig config,
            DataPort<K, D> port,
            DistroClock clock,
            DistroTimer timer,
            DistroListener<K, D> listener,
            Consumer<Orphan> onOrphanEnd) {
        this.port = port;
        this.clock = clock;
        this.listener = listener;
        this.onOrphanEnd = onOrphanEnd;
        this.tombstoneTtlMillis = config.tombstoneTtl().toMillis();
        this.store = new ReplicaStore<>(new Tombstones<>(config.tombstonesMax()));
        this.wakeUp = new WakeUp(clock, timer, this::onDue);
    }

    ReplicaStore<D> store() {
        return store;
    }

    /** The mark of an orphan; null where the client is none. */
    @Nullable
    Orphan orphan(ClientId client) {
        return orphans.find(client);
    }

    int orphanCount() {
        return orphans.size();
    }

    /** Marks a living record. */
    void orphaned(Orphan orphan) {
        orphans.mark(orphan);
        arm();
    }

    /**
     * Keeps a record if it is later than what is known, and tells.
     *
     * @param changedKeys null where they are to be found by comparison
     * @param cause what the listener is told; for most, the record's
     * @param orphan the mark that the record gets; null for a record that somebody speaks for
     * @return false where it is not later: nothing was changed
     */
    boolean apply(DistroRecord<D> record, @Nullable Collection<K> changedKeys, Cause cause, @Nullable Orphan orphan) {
        if (!store.isLater(record)) {
            return false;
        }
        ClientId client = record.client();
        DistroRecord<D> before = store.find(client);
        Collection<K> keys = changedKeys != null ? changedKeys : difference(before, record);
        store.merge(record, clock.monotonicMillis());
        if (orphan == null) {
            orphans.clear(client);
        } else {
            orphans.mark(orphan);
        }
        arm();
        if (before != null || !record.isTombstone()) {
            listener.changed(new DistroChange<>(client, before, record, keys, cause));
        }
        return true;
    }

    /** Shows other data of a living record without writing it, and tells. */
    void amend(DistroRecord<D> before, D data, Collection<K> changedKeys, Cause cause) {
        DistroRecord<D> after = before.withData(data);
        store.amend(after);
        listener.changed(new DistroChange<>(before.client(), before, after, changedKeys, cause));
    }

    /** Drops a living record and leaves no tombstone, and tells. */
    void forget(ClientId client, Cause cause) {
        DistroRecord<D> before = store.find(client);
        if (before == null) {
            return;
        }
        Collection<K> keys = difference(before, null);
        store.forget(client);
        orphans.clear(client);
        arm();
        listener.changed(new DistroChange<>(client, before, null, keys, cause));
    }

    private Collection<K> difference(@Nullable DistroRecord<D> before, @Nullable DistroRecord<D> after) {
        D was = before == null ? null : before.data();
        D is = after == null ? null : after.data();
        return was == null && is == null ? List.of() : port.changed(was, is);
    }

    private void onDue() {
        long nowMillis = clock.monotonicMillis();
        try {
            store.tombstones().dropUntil(nowMillis - tombstoneTtlMillis);
            for (int ended = 0; ended < ENDS_PER_TURN; ended++) {
                Orphan due = orphans.takeDue(nowMillis);
                if (due == null) {
                    break;
                }
                onOrphanEnd.accept(due);
            }
        } finally {
            arm();
        }
    }

    private void arm() {
        Long oldestMillis = store.tombstones().oldestSinceMillis();
        long tombstoneDueMillis = oldestMillis == null ? WakeUp.NEVER : oldestMillis + tombstoneTtlMillis;
        wakeUp.arm(Math.min(orphans.earliestMillis(), tombstoneDueMillis));
    }
}
