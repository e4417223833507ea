package io.registry.distro;

import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.NodeId;
import io.registry.distro.model.Stamp;
import io.registry.distro.model.StampClock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stamps that one incarnation of a node gives to its writes, by what it knows; and its opinion of others' stamps.
 *
 * <p><b>Threading:</b> runs on the loop.
 */
final class Stamps {

    private static final Logger log = LoggerFactory.getLogger(Stamps.class);

    /** Far more lapses than any client lives through; beyond it only nonsense, which must not reach the arithmetic. */
    private static final int LAPSES_BELIEVED = 1 << 30;

    private final NodeId self;
    private final long incarnation;
    private final StampClock clock;
    private final Duration driftAlarm;
    private boolean drifting;

    Stamps(NodeId self, long incarnation, StampClock clock, Duration driftAlarm) {
        this.self = self;
        this.incarnation = incarnation;
        this.clock = clock;
        this.driftAlarm = driftAlarm;
    }

    /** Somebody told us what is so. */
    Stamp told(@Nullable DistroRecord<?> known) {
        long now = clock.next(floor(known));
        return new Stamp(now, now, 0, self, incarnation);
    }

    /** Somebody told us that it lives: what is so was said when it was said, or never. */
    Stamp heard(@Nullable DistroRecord<?> known) {
        long told = known == null ? 0 : known.stamp().told();
        return new Stamp(told, clock.next(floor(known)), 0, self, incarnation);
    }

    /** Nobody told us. */
    Stamp lapsed(DistroRecord<?> known) {
        Stamp stamp = known.stamp();
        return new Stamp(stamp.told(), stamp.heard(), stamp.lapse() + 1, self, incarnation);
    }

    /**
     * Takes note of a stamp from elsewhere, however far its clock is ahead; refuses only what no clock could show.
     *
     * @return false where the record is to be refused
     */
    boolean believe(DistroRecord<?> record) {
        Stamp stamp = record.stamp();
        if (!clock.believes(stamp.latest()) || stamp.lapse() > LAPSES_BELIEVED) {
            log.warn("record refused, its stamp is beyond any clock: client={} stamp={}", record.client(), stamp);
            return false;
        }
        clock.seen(stamp.latest());
        noteDrift(stamp.writer());
        return true;
    }

    /** A time that is later than every write so far, and earlier than every later one. */
    long fresh() {
        return clock.next(0);
    }

    /** The hybrid clock, to be told to others; no write has it. */
    long now() {
        return clock.now();
    }

    /** Takes note of another node's hybrid clock; of nonsense it does not. */
    void heardClock(NodeId node, long hybrid) {
        if (clock.believes(hybrid)) {
            clock.seen(hybrid);
            noteDrift(node);
        }
    }

    /** The hybrid clock in milliseconds since 1970. */
    long millis() {
        return clock.millis();
    }

    /** How far the hybrid clock is ahead of the wall clock, in milliseconds. */
    long driftMillis() {
        return clock.driftMillis();
    }

    private void noteDrift(NodeId writer) {
        long aheadMillis = clock.driftMillis();
        boolean driftsNow = aheadMillis > driftAlarm.toMillis();
        if (driftsNow && !drifting) {
            log.warn("clocks differ; order is kept, but check every node's: aheadMillis={} by={}", aheadMillis, writer);
        } else if (!driftsNow && drifting) {
            log.info("clocks agree again: aheadMillis={}", aheadMillis);
        }
        drifting = driftsNow;
    }

    private static long floor(@Nullable DistroRecord<?> known) {
        return known == null ? 0 : known.stamp().latest();
    }
}
