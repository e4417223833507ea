package io.registry.api.listen;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import java.util.List;

/**
 * What became of a service since its listener was called last.
 *
 * <p>An instance counts as the same while its address ({@code ip:port}) and cluster stay. All lists are unmodifiable, in
 * the server's order, and hold what the subscription's selector lets through.
 *
 * @param service the service
 * @param instances all instances now
 * @param added those that were not there before
 * @param removed those that are no longer there, as they were last seen
 * @param modified those that were there and differ from what they were, as they are now
 */
public record ServiceChange(
        ServiceKey service,
        List<Instance> instances,
        List<Instance> added,
        List<Instance> removed,
        List<Instance> modified) {

    /** Returns whether nothing differs. */
    public boolean isEmpty() {
        return added.isEmpty() && removed.isEmpty() && modified.isEmpty();
    }
}
