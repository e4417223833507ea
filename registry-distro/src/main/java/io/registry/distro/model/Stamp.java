package io.registry.distro.model;

import java.util.Comparator;

/**
 * The place of a write in the order of all writes to one record. Of two records the one with the greater stamp is kept;
 * nothing else decides.
 *
 * <p>Compared by component, in the order of declaration. So news of what is so beats news that it lives, and both beat
 * the absence of news: a node that has not heard a client can never outvote one that has.
 *
 * @param told hybrid time (see {@link StampClock}) at which somebody last said what is so; 0 where nobody ever did
 * @param heard hybrid time at which somebody last said what is so, or that it lives
 * @param lapse how many times since then it was changed for want of evidence
 * @param writer the node that wrote it
 * @param writerIncarnation the incarnation of that node; a restarted node may repeat the times of its earlier life
 */
public record Stamp(long told, long heard, int lapse, NodeId writer, long writerIncarnation)
        implements Comparable<Stamp> {

    private static final Comparator<Stamp> ORDER = Comparator.comparingLong(Stamp::told)
            .thenComparingLong(Stamp::heard)
            .thenComparingInt(Stamp::lapse)
            .thenComparing(Stamp::writer)
            .thenComparingLong(Stamp::writerIncarnation);

    /** Refuses negative times and counts. */
    public Stamp {
        if (told < 0 || heard < 0 || lapse < 0) {
            throw new IllegalArgumentException(
                    "stamp: told=" + told + " heard=" + heard + " lapse=" + lapse + " (expected: none below 0)");
        }
    }

    /** Returns the later of the two times. */
    public long latest() {
        return Math.max(told, heard);
    }

    /** Returns whether this stamp is greater than the other. */
    public boolean isAfter(Stamp other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(Stamp other) {
        return ORDER.compare(this, other);
    }
}
