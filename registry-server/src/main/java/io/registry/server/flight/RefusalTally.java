package io.registry.server.flight;

import io.registry.server.core.event.Origin;
import io.registry.server.core.event.RegistryEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a flood of refusals from washing away everything else: the first of its like is recorded at once, further ones
 * are counted, and make one entry when a minute is over. Beyond some that differ, the others are counted together.
 *
 * <p><b>Threading</b>: on the recorder's thread.
 */
final class RefusalTally {

    /** How long refusals are counted. */
    static final long MINUTE_MILLIS = 60_000;

    /** So many different ones have entries of their own in a minute, which keeps a week of any flood below 200 MB. */
    private static final int KINDS_MAX = 64;

    private record Like(Origin origin, String action, String reason) {}

    private static final class Count {
        final FlightEntry first;
        long more;

        Count(FlightEntry first) {
            this.first = first;
        }
    }

    private final Map<Like, Count> counts = new LinkedHashMap<>();
    private long others;
    private long sinceMillis;

    /** Takes a refusal in; returns the entry where it is the first of its like, else null. */
    @Nullable
    FlightEntry take(RegistryEvent.Refused refused, FlightEntry entry) {
        if (counts.isEmpty() && others == 0) {
            sinceMillis = entry.atMillis();
        }
        Like like = new Like(refused.origin(), refused.action(), refused.reason());
        Count count = counts.get(like);
        if (count != null) {
            count.more++;
            return null;
        }
        if (counts.size() >= KINDS_MAX) {
            others++;
            return null;
        }
        counts.put(like, new Count(entry));
        return entry;
    }

    /** Takes in refusals of which nothing but their number is known. */
    void take(long atMillis, long unknown) {
        if (unknown > 0) {
            if (counts.isEmpty() && others == 0) {
                sinceMillis = atMillis;
            }
            others += unknown;
        }
    }

    /** Returns whether there is something that a minute will end. */
    boolean isOpen() {
        return !counts.isEmpty() || others > 0;
    }

    /** Ends the minute, where it is over or has to be, and returns the entries of what was counted. */
    List<FlightEntry> end(long nowMillis, boolean now) {
        long age = nowMillis - sinceMillis;
        if (!isOpen() || (!now && age >= 0 && age < MINUTE_MILLIS)) {
            return List.of();
        }
        List<FlightEntry> entries = new ArrayList<>();
        for (Count count : counts.values()) {
            if (count.more > 0) {
                entries.add(count.first.again(nowMillis, count.more));
            }
        }
        if (others > 0) {
            entries.add(Entries.ofNode(nowMillis, FlightEntry.Kind.REFUSED, "others within a minute", others));
        }
        counts.clear();
        others = 0;
        return entries;
    }
}
