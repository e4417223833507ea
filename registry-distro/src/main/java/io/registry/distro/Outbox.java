package io.registry.distro;

import io.registry.distro.Orphans.Orphan;
import io.registry.distro.message.DistroMessage;
import io.registry.distro.message.DistroMessage.BucketPart;
import io.registry.distro.message.DistroMessage.BucketSync;
import io.registry.distro.message.DistroMessage.Orphaned;
import io.registry.distro.message.DistroMessage.Sync;
import io.registry.distro.message.RecordUpdate;
import io.registry.distro.message.RecordUpdate.Whole;
import io.registry.distro.model.Buckets;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.ClientKind;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.NodeId;
import io.registry.distro.task.DelayTaskEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What goes out to the peers: one {@link PeerSync} for each, with what they share.
 *
 * <p><b>Threading:</b> runs on the loop.
 */
final class Outbox<K, D> {

    /** Two for each of the members, of which a cluster has a handful. */
    private static final int TASKS_MAX = 4_096;

    private final LocalNode<K, D> node;
    private final Stamps stamps;
    private final Replica<K, D> replica;
    private final Voices<K, D> voices;
    private final ChangeLogs<K> logs = new ChangeLogs<>();
    private final Updates<K, D> updates;
    private final DelayTaskEngine<Task> tasks;
    private final Map<NodeId, PeerSync<K, D>> peers = new TreeMap<>();

    private record Task(NodeId peer, boolean reminder) {}

    Outbox(LocalNode<K, D> node, Stamps stamps, Replica<K, D> replica, Voices<K, D> voices) {
        this.node = node;
        this.stamps = stamps;
        this.replica = replica;
        this.voices = voices;
        this.updates = new Updates<>(node.data(), logs, node.sync());
        this.tasks = new DelayTaskEngine<>(node.ports().clock(), node.ports().timer(), TASKS_MAX);
    }

    /** Starts to keep what is to be said to a peer, which has come up. */
    PeerSync<K, D> open(NodeId peer) {
        return peers.computeIfAbsent(peer, id -> new PeerSync<>(id, this));
    }

    /** Drops what was to be said to a peer, which is down. */
    void close(NodeId peer) {
        PeerSync<K, D> sync = peers.remove(peer);
        if (sync != null) {
            sync.reset();
        }
    }

    /** What goes out to a peer; null where it is down. */
    @Nullable
    PeerSync<K, D> to(NodeId peer) {
        return peers.get(peer);
    }

    /**
     * This node has written a record of its own.
     *
     * @param before the living record that was; null where there was none
     * @param keys what was changed; null where that is not known
     */
    void written(@Nullable DistroRecord<D> before, DistroRecord<D> after, @Nullable Collection<K> keys) {
        if (peers.isEmpty()) {
            // Whoever comes up later is told everything; a log that starts with the first peer is soon of use.
            logs.drop(after.client());
            return;
        }
        if (before == null || keys == null || !node.owns(before) || !updates.isLarge(before) || after.data() == null) {
            logs.drop(after.client());
        } else {
            logs.written(before, after.stamp(), keys, node.data().size(after.data()) / 2);
        }
        for (PeerSync<K, D> sync : peers.values()) {
            sync.changed(after.client());
        }
    }

    /**
     * Tells a peer, which was not heard for a while, of the tombstones of clients that beat. One that was written in the place
     * of an owner that is away is in nobody's sums, and the peer would not ask for it while it takes the record for an orphan.
     */
    void tellOfTombstones(NodeId peer) {
        PeerSync<K, D> sync = peers.get(peer);
        if (sync != null) {
            replica.store().tombstones().all().stream()
                    .filter(tombstone -> tombstone.kind() == ClientKind.BEAT)
                    .forEach(tombstone -> sync.changed(tombstone.client()));
        }
    }

    /** A record was replaced by another node's word, or has gone. */
    void foreign(ClientId client) {
        logs.drop(client);
    }

    /**
     * All records of this node in a bucket and all tombstones that it knows, in parts; none where there is nothing.
     *
     * @param withOrphans whether those that nobody speaks for are to be listed, too
     */
    List<BucketPart<K, D>> bucket(int bucket, long asOf, boolean withOrphans) {
        List<RecordUpdate<K, D>> all = new ArrayList<>();
        Map<ClientId, Orphaned> orphans = new TreeMap<>();
        for (DistroRecord<D> record : replica.store().records(bucket)) {
            Orphan orphan = withOrphans && !node.owns(record) ? voices.orphan(record) : null;
            if (orphan != null) {
                long leftMillis = Math.max(0, orphan.deadlineMillis() - node.nowMillis());
                orphans.put(record.client(), new Orphaned(record.client(), leftMillis));
            }
            if (orphan != null || node.owns(record)) {
                all.add(updates.inBucket(record));
            }
        }
        for (DistroRecord<D> tombstone : replica.store().tombstones().of(bucket)) {
            all.add(new Whole<>(tombstone));
        }
        List<List<RecordUpdate<K, D>>> groups = updates.messages(all, updates::bytes, 0);
        List<BucketPart<K, D>> parts = new ArrayList<>();
        for (List<RecordUpdate<K, D>> of : groups) {
            List<Orphaned> among = of.stream()
                    .map(update -> orphans.get(update.client()))
                    .filter(Objects::nonNull)
                    .map(Objects::requireNonNull)
                    .toList();
            parts.add(new BucketPart<>(bucket, asOf, parts.size(), groups.size(), of, among));
        }
        return parts;
    }

    /** The buckets that a digest to a peer leaves out. */
    Buckets busy(NodeId peer) {
        PeerSync<K, D> sync = peers.get(peer);
        return sync == null || !node.keeps(Rule.BUSY_BUCKETS) ? Buckets.NONE : sync.busyForDigest();
    }

    Sync<K, D> sync(long sequence, List<RecordUpdate<K, D>> changes) {
        return new Sync<>(node.id(), node.incarnation(), sequence, changes);
    }

    BucketSync<K, D> bucketSync(long sequence, long asOf, Buckets empty, List<BucketPart<K, D>> parts) {
        return new BucketSync<>(node.id(), node.incarnation(), sequence, asOf, empty, parts);
    }

    void send(NodeId peer, DistroMessage<K, D> message) {
        node.ports().transport().send(peer, message);
    }

    void flushAfter(NodeId peer, Duration delay) {
        tasks.submit(new Task(peer, false), delay, () -> {
            PeerSync<K, D> sync = peers.get(peer);
            if (sync != null) {
                sync.flush();
            }
        });
    }

    /** Comes back to a message that may not have been acknowledged by then. */
    void remind(NodeId peer, long sequence, long factor) {
        Task task = new Task(peer, true);
        long waitMillis = node.sync().ackTimeout().toMillis() * factor;
        long chanceMillis = factor == 1
                ? 0
                : node.ports().jitter().upTo(node.sync().ackTimeout().toMillis());
        tasks.cancel(task);
        tasks.submit(task, Duration.ofMillis(waitMillis + chanceMillis), () -> {
            PeerSync<K, D> sync = peers.get(peer);
            if (sync != null) {
                sync.overdue(sequence);
            }
        });
    }

    void cancel(NodeId peer) {
        tasks.cancel(new Task(peer, false));
        tasks.cancel(new Task(peer, true));
    }

    @Nullable
    DistroRecord<D> known(ClientId client) {
        return replica.store().known(client);
    }

    Updates<K, D> updates() {
        return updates;
    }

    SyncConfig config() {
        return node.sync();
    }

    long gatherMillis() {
        return node.sync().gather().toMillis();
    }

    long freshTime() {
        return stamps.fresh();
    }

    long nowMillis() {
        return node.nowMillis();
    }
}
