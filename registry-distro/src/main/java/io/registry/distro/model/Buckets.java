package io.registry.distro.model;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.IntConsumer;

/**
 * A set of buckets. Clients are spread over {@value #COUNT} buckets by their ids, the same on every node, so that what
 * two nodes know can be compared and repaired in small parts.
 *
 * <p><b>Threading:</b> immutable.
 */
public final class Buckets {

    /** How many there are: of 100,000 clients about 400 in each. Nodes that compare their buckets must agree on it. */
    public static final int COUNT = 256;

    /** No bucket. */
    public static final Buckets NONE = new Buckets(new long[COUNT / Long.SIZE]);

    /** All buckets. */
    public static final Buckets ALL = new Buckets(new long[] {-1, -1, -1, -1});

    private final long[] words;

    private Buckets(long[] words) {
        this.words = words;
    }

    /** Returns the bucket of a client, 0..{@value #COUNT}-1, by a fixed function of its id. */
    public static int of(ClientId client) {
        return (int) (Sum.of(client.value()) & (COUNT - 1));
    }

    /** Returns the buckets of clients. */
    public static Buckets of(Collection<ClientId> clients) {
        long[] words = new long[COUNT / Long.SIZE];
        for (ClientId client : clients) {
            int bucket = of(client);
            words[bucket / Long.SIZE] |= 1L << bucket;
        }
        return new Buckets(words);
    }

    /**
     * Returns the set that {@link #words()} described.
     *
     * @throws IllegalArgumentException where there are not as many words as it takes
     */
    public static Buckets ofWords(long... words) {
        if (words.length != COUNT / Long.SIZE) {
            throw new IllegalArgumentException(
                    "words of buckets: " + words.length + " (expected: " + COUNT / Long.SIZE + ")");
        }
        return new Buckets(words.clone());
    }

    /** Returns the set as bits, the first bucket in the lowest bit of the first word. */
    public long[] words() {
        return words.clone();
    }

    /** Returns whether a bucket is in the set. */
    public boolean has(int bucket) {
        return (words[bucket / Long.SIZE] & (1L << bucket)) != 0;
    }

    /** Returns this set and one bucket. */
    public Buckets with(int bucket) {
        long[] more = words.clone();
        more[bucket / Long.SIZE] |= 1L << bucket;
        return new Buckets(more);
    }

    /** Returns this set without one bucket. */
    public Buckets without(int bucket) {
        long[] fewer = words.clone();
        fewer[bucket / Long.SIZE] &= ~(1L << bucket);
        return new Buckets(fewer);
    }

    /** Returns what is in either set. */
    public Buckets and(Buckets other) {
        long[] both = words.clone();
        for (int i = 0; i < both.length; i++) {
            both[i] |= other.words[i];
        }
        return new Buckets(both);
    }

    /** Returns how many buckets are in the set. */
    public int size() {
        int size = 0;
        for (long word : words) {
            size += Long.bitCount(word);
        }
        return size;
    }

    /** Returns whether no bucket is in the set. */
    public boolean isEmpty() {
        return size() == 0;
    }

    /** Gives each bucket of the set, in ascending order. */
    public void forEach(IntConsumer each) {
        for (int bucket = 0; bucket < COUNT; bucket++) {
            if (has(bucket)) {
                each.accept(bucket);
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Buckets buckets && Arrays.equals(words, buckets.words);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(words);
    }

    @Override
    public String toString() {
        return size() + " of " + COUNT + " buckets";
    }
}
