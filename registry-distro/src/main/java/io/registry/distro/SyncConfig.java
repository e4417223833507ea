package io.registry.distro;

import java.time.Duration;

/**
 * The times and limits of what nodes tell each other.
 *
 * @param digestInterval how often each node says that it lives and what it has. 1 s by default: some 2 KiB a second to
 *     each peer, whatever the number of clients
 * @param memberDownAfter after how long without a word a peer counts as down. 5 s by default: five digests
 * @param ackTimeout how long an acknowledgement is waited for before a message is sent again; doubles with each time, up
 *     to ten times as long. 1 s by default: a client that was sent elsewhere is back within 3 s and shown where it was for
 *     6 s, so that the word of it may be lost once
 * @param gather how long changes gather after a message before the next one; the first after a quiet time leaves at once.
 *     10 ms by default
 * @param batchMax how many records, or parts of records, one message brings at most. 512 by default
 * @param batchBytesMax how many bytes one message has at most, about; a record that has more travels in pieces. 1 MiB by default
 * @param beatExpiry how long the record of a client that beats outlives the last sign of its owner. 30 s by default, as
 *     for a client that does not beat
 * @param loadDeadline after how long a node counts as ready although it has not everything from every peer. 30 s by default
 * @param deltaFrom from how many parts on changes of a record travel without the rest of it. 8 by default: below, all of
 *     it is hardly more
 */
public record SyncConfig(
        Duration digestInterval,
        Duration memberDownAfter,
        Duration ackTimeout,
        Duration gather,
        int batchMax,
        int batchBytesMax,
        Duration beatExpiry,
        Duration loadDeadline,
        int deltaFrom) {

    private static final SyncConfig DEFAULTS = new SyncConfig(
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Duration.ofMillis(10),
            512,
            1 << 20,
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            8);

    /** Refuses times and numbers with which nothing would ever be sent, or everybody would be down. */
    public SyncConfig {
        DistroConfig.requirePositive("digestInterval", digestInterval);
        DistroConfig.requirePositive("ackTimeout", ackTimeout);
        DistroConfig.requirePositive("beatExpiry", beatExpiry);
        DistroConfig.requirePositive("loadDeadline", loadDeadline);
        if (memberDownAfter.compareTo(digestInterval.multipliedBy(2)) < 0) {
            throw new IllegalArgumentException("memberDownAfter: " + memberDownAfter
                    + " (expected: at least two digest intervals, of " + digestInterval + ")");
        }
        if (gather.isNegative()) {
            throw new IllegalArgumentException("gather: " + gather + " (expected: not below zero)");
        }
        if (batchMax < 1 || batchBytesMax < 1 || deltaFrom < 1) {
            throw new IllegalArgumentException("batchMax, batchBytesMax, deltaFrom: " + batchMax + ", " + batchBytesMax
                    + ", " + deltaFrom + " (expected: at least 1)");
        }
    }

    /** Returns the defaults. */
    public static SyncConfig defaults() {
        return DEFAULTS;
    }
}
