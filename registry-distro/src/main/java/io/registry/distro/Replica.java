package io.registry.distro;

import io.registry.distro.Orphans.Orphan;
import io.registry.distro.member.MemberTable;
import io.registry.distro.model.BucketSums;
import io.registry.distro.model.Cause;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.NodeId;
import io.registry.distro.store.OwnedSums;
import io.registry.distro.store.ReplicaStore;
import io.registry.distro.store.Tombstones;
import io.registry.distro.task.WakeUp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The store, what time does to it, and the listener that is told: everything that is the same for a write of this node,
 * of another, and of an earlier life. Does not know who may write what.
 *
 * <p>Keeps the sums of what each owner has, as far as it speaks for it: what an owner says of others' orphans is not for
 * comparison, its own it still lists.
 *
 * <p><b>Threading:</b> runs on the loop.
 */
final class Replica<K, D> {

    /** So that a mass of orphans that end together does not keep the loop from everything else; the rest follow. */
    private static final int ENDS_PER_TURN = 512;

    private final LocalNode<K, D> node;
    private final DistroListener<K, D> listener;
    private final Consumer<Orphan> onOrphanEnd;
    private final MemberTable members;
    private final ReplicaStore<D> store;
    private final OwnedSums sums = new OwnedSums();
    private final Orphans orphans = new Orphans();
    private final WakeUp wakeUp;

    /**
     * Makes an empty replica.
     *
     * @param members who is up: a tombstone is kept for longer while somebody is not
     * @param onOrphanEnd ends the record of an orphan whose time has come, or gives it another time
     */
    Replica(LocalNode<K, D> node, DistroListener<K, D> listener, MemberTable members, Consumer<Orphan> onOrphanEnd) {
        this.node = node;
        this.listener = listener;
        this.members = members;
        this.onOrphanEnd = onOrphanEnd;
        this.store = new ReplicaStore<>(new Tombstones<>(node.config().tombstonesMax()));
        this.wakeUp = new WakeUp(node.ports().clock(), node.ports().timer(), this::onDue);
    }

    ReplicaStore<D> store() {
        return store;
    }

    /** The sums of what this incarnation of an owner speaks for, as this node has it. */
    BucketSums sums(NodeId owner, long ownerIncarnation) {
        return sums.of(owner, ownerIncarnation);
    }

    /** The mark of an orphan; null where the client is none. */
    @Nullable
    Orphan orphan(ClientId client) {
        return orphans.find(client);
    }

    int orphanCount() {
        return orphans.size();
    }

    /** Marks a living record, or changes its mark. */
    void orphaned(Orphan orphan) {
        uncount(orphan.client());
        orphans.mark(orphan);
        count(orphan.client());
        arm();
    }

    /** Takes the mark of a record away: somebody speaks for it. */
    void spokenFor(ClientId client) {
        if (orphans.find(client) != null) {
            uncount(client);
            orphans.clear(client);
            count(client);
            arm();
        }
    }

    /** The clients whose living record is of a kind, in a defined order, so that they can be changed meanwhile. */
    List<DistroRecord<D>> living(Predicate<DistroRecord<D>> which) {
        List<DistroRecord<D>> found = new ArrayList<>();
        store.forEach(record -> {
            if (which.test(record)) {
                found.add(record);
            }
        });
        return found;
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
        overwrite(record, changedKeys, cause, orphan);
        return true;
    }

    /** Keeps a record whatever is known, and tells. */
    void overwrite(DistroRecord<D> record, @Nullable Collection<K> changedKeys, Cause cause, @Nullable Orphan orphan) {
        ClientId client = record.client();
        DistroRecord<D> before = store.find(client);
        Collection<K> keys = changedKeys != null ? changedKeys : difference(before, record);
        uncount(client);
        store.keep(record, node.nowMillis());
        if (orphan == null) {
            orphans.clear(client);
        } else {
            orphans.mark(orphan);
        }
        count(client);
        arm();
        if (before != null || !record.isTombstone()) {
            listener.changed(new DistroChange<>(client, before, record, keys, cause));
        } else {
            listener.buried(record);
        }
    }

    /** Shows other data of a living record without writing it, and tells. */
    void amend(DistroRecord<D> before, D data, Collection<K> changedKeys, Cause cause) {
        DistroRecord<D> after = before.withData(data);
        uncount(before.client());
        store.amend(after);
        count(before.client());
        listener.changed(new DistroChange<>(before.client(), before, after, changedKeys, cause));
    }

    /** Drops a living record and leaves no tombstone, and tells. */
    void forget(ClientId client, Cause cause) {
        DistroRecord<D> before = store.find(client);
        if (before == null) {
            return;
        }
        Collection<K> keys = difference(before, null);
        uncount(client);
        store.forget(client);
        orphans.clear(client);
        arm();
        listener.changed(new DistroChange<>(client, before, null, keys, cause));
    }

    private void count(ClientId client) {
        DistroRecord<D> alive = store.find(client);
        if (alive != null && alive.data() != null && counts(alive)) {
            sums.add(alive, node.data().contentSum(alive.data()));
        }
    }

    private void uncount(ClientId client) {
        DistroRecord<D> alive = store.find(client);
        if (alive != null && alive.data() != null && counts(alive)) {
            sums.remove(alive, node.data().contentSum(alive.data()));
        }
    }

    private boolean counts(DistroRecord<D> alive) {
        return node.owns(alive) || orphans.find(alive.client()) == null;
    }

    private Collection<K> difference(@Nullable DistroRecord<D> before, @Nullable DistroRecord<D> after) {
        D was = before == null ? null : before.data();
        D is = after == null ? null : after.data();
        return was == null && is == null ? List.of() : node.data().changed(was, is);
    }

    private void onDue() {
        long nowMillis = node.nowMillis();
        try {
            store.tombstones().dropUntil(nowMillis - tombstoneTtl(nowMillis).toMillis());
            for (int ended = 0; ended < ENDS_PER_TURN; ended++) {
                Orphan due = orphans.due(nowMillis);
                if (due == null) {
                    break;
                }
                onOrphanEnd.accept(due);
            }
        } finally {
            arm();
        }
    }

    /** How long tombstones are remembered now. Who was away is told of them when it is back, which takes a while, too. */
    private Duration tombstoneTtl(long nowMillis) {
        Duration ttl = node.config().tombstoneTtl();
        return members.areUpFor(ttl.toMillis(), nowMillis) ? ttl : node.config().tombstoneTtlAway();
    }

    private void arm() {
        Long oldestMillis = store.tombstones().oldestSinceMillis();
        long tombstoneDueMillis = WakeUp.NEVER;
        if (oldestMillis != null) {
            long ttlMillis = node.config().tombstoneTtl().toMillis();
            long nowMillis = node.nowMillis();
            // What is kept beyond its time, since a member is away, is looked at again after as long.
            tombstoneDueMillis =
                    oldestMillis + ttlMillis > nowMillis ? oldestMillis + ttlMillis : nowMillis + ttlMillis;
        }
        wakeUp.arm(Math.min(orphans.earliestMillis(), tombstoneDueMillis));
    }
}
