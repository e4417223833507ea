package io.registry.server.core.cluster;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether those who subscribe to a service have acknowledged it in a state, of one member or of several.
 *
 * @param subscribers how many clients subscribed when the wait began
 * @param missingCount how many of them have not acknowledged that state; a member of which nothing is known counts as
 *     one
 * @param missing who those are, {@link #NAMED_MAX} at most, as people are shown them
 */
public record SubscribersSeen(int subscribers, int missingCount, List<String> missing) {

    /** How many of those who have not acknowledged are named. */
    public static final int NAMED_MAX = 100;

    /** Keeps the list as it is now. */
    public SubscribersSeen {
        missing = List.copyOf(missing);
    }

    /** Returns what is known of a member that has not said anything. */
    public static SubscribersSeen unknown(String why) {
        return new SubscribersSeen(0, 1, List.of(why));
    }

    /** Returns the sum of this and another. */
    public SubscribersSeen plus(SubscribersSeen other) {
        List<String> both = new ArrayList<>(missing);
        both.addAll(other.missing);
        return new SubscribersSeen(
                subscribers + other.subscribers,
                missingCount + other.missingCount,
                both.subList(0, Math.min(both.size(), NAMED_MAX)));
    }
}
