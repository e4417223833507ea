package io.registry.distro;

import io.registry.distro.message.DistroMessage.BucketPart;
import io.registry.distro.message.DistroMessage.Digest;
import io.registry.distro.message.RecordUpdate;
import io.registry.distro.model.BucketSums;
import io.registry.distro.model.Buckets;
import io.registry.distro.model.ClientId;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How far this node knows what one peer owns: which buckets it has been given since it started, which differ, and what
 * it has asked for.
 *
 * <p><b>Threading:</b> runs on the loop.
 */
final class PeerView<K, D> {

    /** A bucket is asked for when it has differed in so many digests running: one alone may be older than a change. */
    private static final int DIFFERENCES = 2;

    private final long patienceMillis;
    private final int[] differences = new int[Buckets.COUNT];
    private final long[] differsSince = new long[Buckets.COUNT];
    private final Map<Integer, Arriving> arriving = new TreeMap<>();
    private final Set<ClientId> awaited = new TreeSet<>();
    private Buckets unloaded;
    private Buckets asked = Buckets.NONE;
    private long askedMillis;

    /** The parts of one bucket as of one time that have come so far. */
    private static final class Arriving {
        private final long asOf;
        private final Set<Integer> parts = new TreeSet<>();
        private final Set<ClientId> listed = new TreeSet<>();

        Arriving(long asOf) {
            this.asOf = asOf;
        }
    }

    /**
     * Makes a view of a peer of which nothing has been heard.
     *
     * @param patienceMillis how long nothing may come of what was asked for, before it is asked for again
     * @param toLoad whether all that the peer owns is still to be loaded
     */
    PeerView(long patienceMillis, boolean toLoad) {
        this.patienceMillis = patienceMillis;
        this.unloaded = toLoad ? Buckets.ALL : Buckets.NONE;
    }

    /** Forgets what was under way: the peer has started anew, or was away. What was loaded, was. */
    void reset() {
        Arrays.fill(differences, 0);
        Arrays.fill(differsSince, 0);
        arriving.clear();
        awaited.clear();
        asked = Buckets.NONE;
    }

    /**
     * Compares what the peer says it has with what this node has of it.
     *
     * @param mine the sums of the peer's records here
     * @return which buckets to ask for now
     */
    Buckets compare(Digest<K, D> digest, BucketSums mine, long nowMillis) {
        Buckets ask = unloaded;
        for (int bucket = 0; bucket < Buckets.COUNT; bucket++) {
            if (digest.busy().has(bucket)) {
                continue;
            }
            if (digest.sums().of(bucket) == mine.of(bucket)) {
                differences[bucket] = 0;
                differsSince[bucket] = 0;
            } else {
                differences[bucket]++;
                differsSince[bucket] = differsSince[bucket] == 0 ? nowMillis : differsSince[bucket];
                if (differences[bucket] >= DIFFERENCES) {
                    ask = ask.with(bucket);
                }
            }
        }
        if (nowMillis - askedMillis >= patienceMillis) {
            asked = Buckets.NONE;
        }
        for (int bucket = 0; bucket < Buckets.COUNT; bucket++) {
            if (asked.has(bucket)) {
                ask = ask.without(bucket);
            }
        }
        if (!ask.isEmpty()) {
            asked = asked.and(ask);
            askedMillis = nowMillis;
        }
        return ask;
    }

    /** Takes note of a bucket in which there is nothing. */
    void empty(int bucket, long nowMillis) {
        askedMillis = nowMillis;
        arriving.remove(bucket);
        complete(bucket);
    }

    /**
     * Takes note of a part of a bucket.
     *
     * @return all clients that the bucket lists, where it is complete now; null where parts are missing, or it is old
     */
    @Nullable
    Set<ClientId> arrived(BucketPart<K, D> part, long nowMillis) {
        askedMillis = nowMillis;
        Arriving bucket = arriving.get(part.bucket());
        if (bucket == null || bucket.asOf < part.asOf()) {
            bucket = new Arriving(part.asOf());
            arriving.put(part.bucket(), bucket);
        } else if (bucket.asOf > part.asOf()) {
            return null;
        }
        bucket.parts.add(part.index());
        for (RecordUpdate<K, D> update : part.updates()) {
            bucket.listed.add(update.client());
        }
        if (bucket.parts.size() < part.count()) {
            return null;
        }
        arriving.remove(part.bucket());
        complete(part.bucket());
        return bucket.listed;
    }

    /** Forgets that anything was loaded; returns what is to be asked for now. */
    Buckets loadAgain(long nowMillis) {
        unloaded = Buckets.ALL;
        asked = Buckets.ALL;
        askedMillis = nowMillis;
        return asked;
    }

    /** A large record was only mentioned: this node is not loaded before it has it. */
    void awaits(ClientId client) {
        if (!unloaded.isEmpty()) {
            awaited.add(client);
        }
    }

    /** Whatever was to come of a client has come. */
    void came(ClientId client) {
        awaited.remove(client);
    }

    /** Whether this node has been given all that the peer owns, once. */
    boolean isLoaded() {
        return unloaded.isEmpty() && awaited.isEmpty();
    }

    /** How many buckets are still to be loaded. */
    int toLoad() {
        return unloaded.size();
    }

    /** How many buckets differed in the last digest that showed them. */
    int differing() {
        int count = 0;
        for (int each : differences) {
            count += each > 0 ? 1 : 0;
        }
        return count;
    }

    /** For how long the oldest of them has differed. */
    long differingMillis(long nowMillis) {
        long longest = 0;
        for (long since : differsSince) {
            longest = Math.max(longest, since == 0 ? 0 : nowMillis - since);
        }
        return longest;
    }

    private void complete(int bucket) {
        asked = asked.without(bucket);
        unloaded = unloaded.without(bucket);
        differences[bucket] = 0;
    }
}
