package io.registry.distro;

import java.time.Duration;

/**
 * The times and limits of replication.
 *
 * @param ownerLease how long a record outlives the last sign of its owner, or a restart of this node. 60 s by default:
 *     long enough for every SDK to connect again, and to say again what it publishes
 * @param drainGrace how long the record of a connection stays that ended because we asked for it, or because its owner
 *     stopped or started anew. 30 s by default, as for a client that beats: SDKs close the old connection at once and
 *     register on the next one up to 3 s later, but many that move at once, to members that are busy or have just started,
 *     were away for 26 s. More than {@code ownerLease} counts as that: where the grace is longer, members that counted a
 *     restarted owner as down would forget its records sooner than those that did not, by the difference
 * @param tombstoneTtl how long a tombstone is remembered while all members are up. 60 s by default: longer than any
 *     message is under way
 * @param tombstoneTtlAway how long a tombstone is remembered while a member is down, which is told when it comes back.
 *     10 min by default: whoever is away for longer finds out by comparing, and shows a client that beats for an expiry
 *     more
 * @param tombstonesMax how many tombstones are remembered, the latest ones. 131,072 by default: more clients than one
 *     node serves may leave within the time of a tombstone; about 200 bytes each
 * @param withdrawalQuiet how long after a withdrawal a beat of the same instance has no effect. 5 s by default: a beat
 *     interval, since a beat that was under way must not bring the instance back
 * @param withdrawalRefusal how long after a withdrawal a beat does not create the instance anew, however complete. 15 s
 *     by default: three beats; the client is asked to register instead
 * @param driftAlarm how far the hybrid clock may be ahead of the wall clock before it is worth a warning. 60 s by
 *     default; the order of writes stays right whatever the drift
 * @param sync what nodes tell each other
 */
public record DistroConfig(
        Duration ownerLease,
        Duration drainGrace,
        Duration tombstoneTtl,
        Duration tombstoneTtlAway,
        int tombstonesMax,
        Duration withdrawalQuiet,
        Duration withdrawalRefusal,
        Duration driftAlarm,
        SyncConfig sync) {

    private static final DistroConfig DEFAULTS = new DistroConfig(
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofMinutes(10),
            131_072,
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            Duration.ofSeconds(60),
            SyncConfig.defaults());

    /** Refuses times of zero or less, and tombstones that are gone before a withdrawal has lost its effect. */
    public DistroConfig {
        requirePositive("ownerLease", ownerLease);
        requirePositive("drainGrace", drainGrace);
        if (drainGrace.compareTo(ownerLease) > 0) {
            drainGrace = ownerLease;
        }
        requirePositive("tombstoneTtl", tombstoneTtl);
        requirePositive("tombstoneTtlAway", tombstoneTtlAway);
        requirePositive("withdrawalQuiet", withdrawalQuiet);
        requirePositive("withdrawalRefusal", withdrawalRefusal);
        requirePositive("driftAlarm", driftAlarm);
        if (tombstonesMax < 1) {
            throw new IllegalArgumentException("tombstonesMax: " + tombstonesMax + " (expected: at least 1)");
        }
        if (withdrawalRefusal.compareTo(withdrawalQuiet) < 0 || tombstoneTtl.compareTo(withdrawalRefusal) < 0) {
            throw new IllegalArgumentException("withdrawalQuiet, withdrawalRefusal, tombstoneTtl: " + withdrawalQuiet
                    + ", " + withdrawalRefusal + ", " + tombstoneTtl + " (expected: in ascending order)");
        }
        if (tombstoneTtlAway.compareTo(tombstoneTtl) < 0) {
            throw new IllegalArgumentException("tombstoneTtlAway: " + tombstoneTtlAway
                    + " (expected: at least tombstoneTtl, " + tombstoneTtl + ")");
        }
    }

    /** Returns the defaults. */
    public static DistroConfig defaults() {
        return DEFAULTS;
    }

    static void requirePositive(String name, Duration duration) {
        if (duration.isZero() || duration.isNegative()) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: more than zero)");
        }
    }
}
