package io.registry.distro.model;

import java.util.function.LongSupplier;

/**
 * Hands out the times of stamps: a hybrid of the wall clock and of the greatest time seen so far, on any node.
 *
 * <p>A hybrid time is one number: milliseconds since 1970 times 65,536, plus a counter that tells apart what happens
 * within one millisecond. It never repeats and never goes back on a node, whatever the wall clock does, and is above
 * every time that the node has seen. While the wall clocks are right it is about now; a single clock that is far ahead
 * pulls the others forward, which changes no order, and which {@link #driftMillis()} shows.
 *
 * <p><b>Threading:</b> runs on the owner's loop.
 */
public final class StampClock {

    private static final int COUNTER_BITS = 16;

    /**
     * How far ahead a time may be and still be believed, in milliseconds: ten years of 365 days. A wrong clock must
     * not cut a node off, so this is no check of clocks; it only keeps the arithmetic far from its end.
     */
    private static final long BELIEVED_AHEAD_MILLIS = 10L * 365 * 24 * 60 * 60 * 1000;

    /** 2026-01-01T00:00Z: no right clock is before it, so a node whose own clock is reset still believes others. */
    private static final long EPOCH_OF_BELIEF_MILLIS = 1_767_225_600_000L;

    private final LongSupplier wallMillis;
    private long last;

    /**
     * Makes a clock that has seen nothing.
     *
     * @param wallMillis the wall clock, in milliseconds since 1970; may be wrong and may jump
     */
    public StampClock(LongSupplier wallMillis) {
        this.wallMillis = wallMillis;
    }

    /** Returns the hybrid time of a stamp's milliseconds and counter. */
    public static long hybridOf(long millis, int counter) {
        return (millis << COUNTER_BITS) + counter;
    }

    /** Returns the milliseconds since 1970 of a hybrid time. */
    public static long millisOf(long hybrid) {
        return hybrid >>> COUNTER_BITS;
    }

    /** Returns a fresh hybrid time: above everything seen, above {@code floor}, and not below the wall clock. */
    public long next(long floor) {
        last = Math.max(wall(), Math.max(last, floor) + 1);
        return last;
    }

    /** Returns the hybrid clock: not below anything seen, nor below the wall clock. */
    public long now() {
        last = Math.max(last, wall());
        return last;
    }

    /** Takes note of a time that was seen, on this node or another. */
    public void seen(long hybrid) {
        last = Math.max(last, hybrid);
    }

    /** Returns whether a time is one that some clock could show, however wrong; others are to be refused. */
    public boolean believes(long hybrid) {
        long reference = Math.max(wallMillis.getAsLong(), EPOCH_OF_BELIEF_MILLIS);
        return millisOf(hybrid) <= reference + BELIEVED_AHEAD_MILLIS;
    }

    /** Returns the hybrid clock in milliseconds since 1970: about now, and never less than it was before. */
    public long millis() {
        return millisOf(now());
    }

    /** Returns by how many milliseconds the hybrid clock is ahead of this node's wall clock; 0 when it is not. */
    public long driftMillis() {
        return Math.max(0, millisOf(last) - wallMillis.getAsLong());
    }

    private long wall() {
        return hybridOf(Math.max(0, wallMillis.getAsLong()), 0);
    }
}
