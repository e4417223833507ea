package io.registry.api.model;

import java.util.List;

/**
 * How far the news has spread that an instance has gone.
 *
 * @param certain whether the server has counted; false where it cannot, and the whole time was waited instead
 * @param subscribers how many clients subscribed to the service over connections when it went; 0 where that is not known
 * @param missingCount how many of them have not acknowledged a list without it in time; a member of the cluster that
 *     could not be asked, or has not got the change in time, counts as one
 * @param missing those, by address, application and member, the first hundred of them; unmodifiable
 */
public record Departure(boolean certain, int subscribers, int missingCount, List<String> missing) {

    /** What is known where the server cannot say. */
    public static final Departure UNCERTAIN = new Departure(false, 0, 0, List.of());

    /** Keeps the list as it is now. */
    public Departure {
        missing = List.copyOf(missing);
    }

    /** Returns whether every subscriber has acknowledged a list without the instance. */
    public boolean complete() {
        return certain && missingCount == 0;
    }
}
