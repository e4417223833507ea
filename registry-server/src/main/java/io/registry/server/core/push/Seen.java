package io.registry.server.core.push;

import io.registry.distro.model.ClientId;
import java.util.List;

/**
 * Who has been told of a state of a service.
 *
 * @param subscribers how many clients subscribed when the wait began
 * @param missing those of them that still subscribe and have not acknowledged that state, in order
 */
public record Seen(int subscribers, List<ClientId> missing) {

    /** Keeps the list as it is now. */
    public Seen {
        missing = List.copyOf(missing);
    }
}
