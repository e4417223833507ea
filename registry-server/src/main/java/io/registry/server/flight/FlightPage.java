package io.registry.server.flight;

import java.util.List;

/**
 * What a search has found.
 *
 * @param entries the newest first
 * @param next where to search on: as {@link FlightQuery#before}; 0 where there is nothing left to look through
 */
public record FlightPage(List<FlightEntry> entries, long next) {

    /** Keeps the entries as they are now. */
    public FlightPage {
        entries = List.copyOf(entries);
    }
}
