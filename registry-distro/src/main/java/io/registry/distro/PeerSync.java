package io.registry.distro;

import io.registry.distro.message.DistroMessage;
import io.registry.distro.message.DistroMessage.BucketPart;
import io.registry.distro.message.DistroMessage.BucketSync;
import io.registry.distro.message.DistroMessage.SyncAck;
import io.registry.distro.message.DistroMessage.Want;
import io.registry.distro.message.RecordUpdate;
import io.registry.distro.message.RecordUpdate.Piece;
import io.registry.distro.message.RecordUpdate.Whole;
import io.registry.distro.model.Buckets;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.NodeId;
import io.registry.distro.model.Stamp;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is on its way to one peer: which clients have changed since it was told, which buckets it asked for, and the one
 * message that it has not acknowledged. The first change leaves at once; what comes while a message is under way
 * travels in the next. A message that is not acknowledged is sent again as it is.
 *
 * <p>Changes and buckets take turns, so that neither waits for the other to end.
 *
 * <p><b>Bounds:</b> one message under way; of what waits, the clients' ids only, no more than there are records and
 * tombstones. Nothing is kept for a peer that is down: its buckets are compared when it is back.
 *
 * <p><b>Threading:</b> runs on the loop.
 */
final class PeerSync<K, D> {

    /** How many times as long as at first an acknowledgement is waited for at most. */
    private static final int BACK_OFF_MAX = 10;

    /** For how many digests running a bucket may be left out for what is on its way; then it is compared all the same. */
    private static final int BUSY_DIGESTS_MAX = 5;

    private final NodeId peer;
    private final Outbox<K, D> outbox;
    private final Map<ClientId, Long> dirty = new LinkedHashMap<>();
    private final Deque<RecordUpdate<K, D>> pieces = new ArrayDeque<>();
    private final Deque<BucketPart<K, D>> parts = new ArrayDeque<>();
    private final Map<ClientId, Stamp> held = new TreeMap<>();
    private final int[] busyDigests = new int[Buckets.COUNT];
    private Buckets wanted = Buckets.NONE;
    private boolean withOrphans;
    private @Nullable UnderWay<K, D> underWay;
    private boolean bucketsNext;
    private boolean scheduled;
    private long nextSequence = 1;
    private long lastSentMillis = Long.MIN_VALUE / 2;

    private record UnderWay<K, D>(
            DistroMessage<K, D> message,
            long sequence,
            List<RecordUpdate<K, D>> updates,
            long sinceMillis,
            int attempts) {}

    PeerSync(NodeId peer, Outbox<K, D> outbox) {
        this.peer = peer;
        this.outbox = outbox;
    }

    /** A client has changed here, or the peer is to be told of it again. */
    void changed(ClientId client) {
        dirty.putIfAbsent(client, outbox.nowMillis());
        schedule();
    }

    /**
     * The peer asks for buckets.
     *
     * @param orphans whether it wants to hear of orphans, too
     */
    void wants(Buckets buckets, boolean orphans) {
        wanted = wanted.and(buckets);
        withOrphans = orphans;
        UnderWay<K, D> sent = underWay;
        if (sent != null
                && outbox.nowMillis() - lastSentMillis
                        >= outbox.config().ackTimeout().toMillis()) {
            // It hears us, so what it has not acknowledged is lost, and need not wait for its next turn.
            send(new UnderWay<>(sent.message(), sent.sequence(), sent.updates(), sent.sinceMillis(), 0));
        }
        schedule();
    }

    /** The peer has taken a message in. */
    void acknowledged(SyncAck<K, D> ack) {
        UnderWay<K, D> sent = underWay;
        if (sent == null || sent.sequence() != ack.sequence()) {
            return;
        }
        underWay = null;
        for (RecordUpdate<K, D> update : sent.updates()) {
            holds(update);
        }
        for (Want want : ack.wants()) {
            if (want.held() == null) {
                held.remove(want.client());
            } else {
                held.put(want.client(), want.held());
            }
            dirty.putIfAbsent(want.client(), outbox.nowMillis());
        }
        schedule();
    }

    /** The peer is gone, or has forgotten everything: so is what was on its way to it. */
    void reset() {
        dirty.clear();
        pieces.clear();
        parts.clear();
        held.clear();
        wanted = Buckets.NONE;
        underWay = null;
        scheduled = false;
        outbox.cancel(peer);
    }

    /** Nothing has come back for a while: sends the same again. */
    void overdue(long sequence) {
        UnderWay<K, D> sent = underWay;
        if (sent != null && sent.sequence() == sequence) {
            send(new UnderWay<>(sent.message(), sequence, sent.updates(), sent.sinceMillis(), sent.attempts() + 1));
        }
    }

    /** Sends what waits, unless a message is under way. */
    void flush() {
        scheduled = false;
        if (underWay != null) {
            return;
        }
        boolean changes = !dirty.isEmpty() || !pieces.isEmpty();
        boolean buckets = !wanted.isEmpty() || !parts.isEmpty();
        if (buckets && (bucketsNext || !changes)) {
            bucketsNext = false;
            sendBuckets();
        } else if (changes) {
            bucketsNext = true;
            sendChanges();
            // Where all that had changed has been forgotten since, nothing was sent, and buckets may wait.
            schedule();
        }
    }

    /** How many clients have changed and are not known to be held by the peer. */
    int waiting() {
        return dirty.size() + (underWay == null ? 0 : underWay.updates().size());
    }

    /** For how long the oldest of them has waited. */
    long lagMillis() {
        long since = underWay == null ? Long.MAX_VALUE : underWay.sinceMillis();
        if (!dirty.isEmpty()) {
            since = Math.min(since, dirty.values().iterator().next());
        }
        return since == Long.MAX_VALUE ? 0 : outbox.nowMillis() - since;
    }

    /** The buckets that the next digest to the peer leaves out, since something of them is on its way. */
    Buckets busyForDigest() {
        List<ClientId> onTheirWay = new ArrayList<>(dirty.keySet());
        pieces.forEach(piece -> onTheirWay.add(piece.client()));
        if (underWay != null) {
            underWay.updates().forEach(update -> onTheirWay.add(update.client()));
        }
        Buckets busy = Buckets.of(onTheirWay);
        for (int bucket = 0; bucket < Buckets.COUNT; bucket++) {
            busyDigests[bucket] = busy.has(bucket) ? busyDigests[bucket] + 1 : 0;
            if (busyDigests[bucket] > BUSY_DIGESTS_MAX) {
                busy = busy.without(bucket);
            }
        }
        return busy;
    }

    private void sendChanges() {
        Batch batch = new Batch();
        while (!pieces.isEmpty() && batch.takes(pieces.getFirst())) {
            pieces.removeFirst();
        }
        long sinceMillis =
                dirty.isEmpty() ? outbox.nowMillis() : dirty.values().iterator().next();
        Iterator<ClientId> changed = dirty.keySet().iterator();
        while (pieces.isEmpty() && changed.hasNext()) {
            ClientId client = changed.next();
            DistroRecord<D> record = outbox.known(client);
            if (record == null) {
                changed.remove();
                continue;
            }
            List<RecordUpdate<K, D>> updates = outbox.updates().of(record, held.get(client));
            if (!batch.takes(updates.get(0))) {
                break;
            }
            changed.remove();
            for (RecordUpdate<K, D> update : updates.subList(1, updates.size())) {
                if (!pieces.isEmpty() || !batch.takes(update)) {
                    pieces.addLast(update);
                }
            }
        }
        if (!batch.updates.isEmpty()) {
            long sequence = nextSequence++;
            send(new UnderWay<>(outbox.sync(sequence, batch.updates), sequence, batch.updates, sinceMillis, 0));
        }
    }

    private void sendBuckets() {
        Batch batch = new Batch();
        Buckets empty = Buckets.NONE;
        List<BucketPart<K, D>> sent = new ArrayList<>();
        // The time is taken before the buckets are looked at, so that what comes later is later than it.
        long asOf = outbox.freshTime();
        while (true) {
            if (parts.isEmpty()) {
                int bucket = first(wanted);
                if (bucket < 0) {
                    break;
                }
                wanted = wanted.without(bucket);
                List<BucketPart<K, D>> of = outbox.bucket(bucket, asOf, withOrphans);
                if (of.isEmpty()) {
                    empty = empty.with(bucket);
                    continue;
                }
                parts.addAll(of);
            }
            BucketPart<K, D> part = parts.getFirst();
            if (!batch.takes(part.updates())) {
                break;
            }
            sent.add(parts.removeFirst());
        }
        if (!sent.isEmpty() || !empty.isEmpty()) {
            long sequence = nextSequence++;
            BucketSync<K, D> message = outbox.bucketSync(sequence, asOf, empty, sent);
            send(new UnderWay<>(message, sequence, batch.updates, outbox.nowMillis(), 0));
        }
    }

    private static int first(Buckets buckets) {
        for (int bucket = 0; bucket < Buckets.COUNT; bucket++) {
            if (buckets.has(bucket)) {
                return bucket;
            }
        }
        return -1;
    }

    private void send(UnderWay<K, D> message) {
        underWay = message;
        lastSentMillis = outbox.nowMillis();
        outbox.send(peer, message.message());
        long factor = Math.min(1L << Math.min(message.attempts(), 10), BACK_OFF_MAX);
        outbox.remind(peer, message.sequence(), factor);
    }

    private void schedule() {
        if (!scheduled
                && underWay == null
                && (!dirty.isEmpty() || !pieces.isEmpty() || !wanted.isEmpty() || !parts.isEmpty())) {
            long waitMillis = lastSentMillis + outbox.gatherMillis() - outbox.nowMillis();
            scheduled = true;
            outbox.flushAfter(peer, Duration.ofMillis(Math.max(0, waitMillis)));
        }
    }

    private void holds(RecordUpdate<K, D> update) {
        boolean whole = update instanceof Whole<K, D> record && outbox.updates().isLarge(record.record());
        boolean lastPiece = update instanceof Piece<K, D> piece && piece.index() == piece.count() - 1;
        if (whole || lastPiece) {
            held.put(update.client(), update.stamp());
        } else if (update instanceof Whole<K, D>) {
            held.remove(update.client());
        }
    }

    /** What one message brings. */
    private final class Batch {
        private final List<RecordUpdate<K, D>> updates = new ArrayList<>();
        private int bytes;

        boolean takes(RecordUpdate<K, D> update) {
            return takes(List.of(update));
        }

        /** Takes updates in, all or none; an empty message takes whatever it is. */
        boolean takes(List<RecordUpdate<K, D>> more) {
            int needed = more.stream().mapToInt(outbox.updates()::bytes).sum();
            if (!updates.isEmpty() && !outbox.updates().fits(updates.size() + more.size(), bytes + needed)) {
                return false;
            }
            updates.addAll(more);
            bytes += needed;
            return true;
        }
    }
}
