package io.registry.api.model;

import java.util.List;

/**
 * One page of the services of a group.
 *
 * @param count how many services there are in all
 * @param names the bare names on the page; unmodifiable
 */
public record ServicePage(int count, List<String> names) {

    /** Keeps the names as they are now. */
    public ServicePage {
        names = List.copyOf(names);
    }
}
