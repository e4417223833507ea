package io.registry.distro.message;

import io.registry.distro.model.BucketSums;
import io.registry.distro.model.Buckets;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.NodeId;
import io.registry.distro.model.NodeState;
import io.registry.distro.model.Stamp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one node tells another. May be lost, doubled, delayed and reordered; a message of an earlier incarnation of its
 * sender is dropped.
 *
 * @param <K> names a part of the data
 * @param <D> what clients publish
 */
public sealed interface DistroMessage<K, D> {

    /** Who says it. */
    NodeId sender();

    /** The incarnation of the sender. */
    long incarnation();

    /** Gives this message to the case it is. */
    void to(Handler<K, D> handler);

    /** One case for each message. */
    interface Handler<K, D> {

        /** Takes a digest. */
        void digest(Digest<K, D> digest);

        /** Takes a request for repair. */
        void resync(Resync<K, D> resync);

        /** Takes buckets. */
        void bucketSync(BucketSync<K, D> sync);

        /** Takes changes. */
        void sync(Sync<K, D> sync);

        /** Takes an acknowledgement. */
        void syncAck(SyncAck<K, D> ack);
    }

    /**
     * From each node to each other, every second: that it lives, how it is, and the sums of what it owns.
     *
     * @param clock the hybrid clock, so that it is nowhere far behind
     * @param sums over the living records that this incarnation of the sender owns
     * @param busy the buckets with changes that are still on their way to the receiver: not to be compared
     */
    record Digest<K, D>(
            NodeId sender,
            long incarnation,
            NodeState state,
            boolean leaving,
            long clock,
            BucketSums sums,
            Buckets busy)
            implements DistroMessage<K, D> {

        @Override
        public void to(Handler<K, D> handler) {
            handler.digest(this);
        }
    }

    /**
     * Asks for buckets, whole.
     *
     * @param buckets which
     * @param orphans whether the asker, which loads, wants to hear of orphans, too
     */
    record Resync<K, D>(NodeId sender, long incarnation, Buckets buckets, boolean orphans)
            implements DistroMessage<K, D> {

        @Override
        public void to(Handler<K, D> handler) {
            handler.resync(this);
        }
    }

    /**
     * Buckets, each complete as of a time once all of its parts have arrived: the records that the sender owns, and all
     * tombstones that it knows; where it was asked for them, its orphans, too.
     *
     * @param sequence what to acknowledge; rises with each message from one incarnation to one receiver
     * @param asOf the hybrid time at which the sender looked
     * @param empty buckets in which there is nothing
     * @param parts of the other buckets
     */
    record BucketSync<K, D>(
            NodeId sender, long incarnation, long sequence, long asOf, Buckets empty, List<BucketPart<K, D>> parts)
            implements DistroMessage<K, D> {

        /** Keeps the parts as they are now. */
        public BucketSync {
            parts = List.copyOf(parts);
        }

        @Override
        public void to(Handler<K, D> handler) {
            handler.bucketSync(this);
        }
    }

    /**
     * A part of one bucket.
     *
     * @param asOf the hybrid time at which the sender looked into this bucket; the same for all of its parts
     * @param index which part, from 0
     * @param count how many parts the bucket has, at least 1
     * @param orphans those of the updates for which the sender does not speak, and knows nobody who does
     */
    record BucketPart<K, D>(
            int bucket, long asOf, int index, int count, List<RecordUpdate<K, D>> updates, List<Orphaned> orphans) {

        /** Keeps the updates as they are now; refuses an index that is not below the count. */
        public BucketPart {
            updates = List.copyOf(updates);
            orphans = List.copyOf(orphans);
            if (bucket < 0 || bucket >= Buckets.COUNT || index < 0 || index >= count) {
                throw new IllegalArgumentException("part of bucket " + bucket + ": " + index + " of " + count
                        + " (expected: a bucket below " + Buckets.COUNT + ", and one of its parts)");
            }
        }
    }

    /**
     * That nobody speaks for a record.
     *
     * @param leftMillis for how long the sender is still going to show it, at least 0
     */
    record Orphaned(ClientId client, long leftMillis) {

        /** Refuses a negative time. */
        public Orphaned {
            if (leftMillis < 0) {
                throw new IllegalArgumentException(
                        "time left of client " + client + ": " + leftMillis + " ms (expected: at least 0)");
            }
        }
    }

    /**
     * Changes, soon after they came about.
     *
     * @param sequence what to acknowledge; rises with each message from one incarnation to one receiver
     */
    record Sync<K, D>(NodeId sender, long incarnation, long sequence, List<RecordUpdate<K, D>> updates)
            implements DistroMessage<K, D> {

        /** Keeps the updates as they are now. */
        public Sync {
            updates = List.copyOf(updates);
        }

        @Override
        public void to(Handler<K, D> handler) {
            handler.sync(this);
        }
    }

    /**
     * That a message with a sequence was taken in, and what of it could not be used.
     *
     * @param ofIncarnation the incarnation of the receiver of this that had sent the sequence
     * @param wants clients whose record is asked for, since what came did not fit
     */
    record SyncAck<K, D>(NodeId sender, long incarnation, long ofIncarnation, long sequence, List<Want> wants)
            implements DistroMessage<K, D> {

        /** Keeps the wants as they are now. */
        public SyncAck {
            wants = List.copyOf(wants);
        }

        @Override
        public void to(Handler<K, D> handler) {
            handler.syncAck(this);
        }
    }

    /**
     * Asks for a record.
     *
     * @param held the stamp of what the asker holds, from which changes may go on; null where the whole is needed
     */
    record Want(ClientId client, @Nullable Stamp held) {}
}
