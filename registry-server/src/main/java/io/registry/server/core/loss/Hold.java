package io.registry.server.core.loss;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.distro.model.Cause;
import java.util.List;

/**
 * A loss that is held back, as it is now.
 *
 * @param service of which service
 * @param lost what is shown although nobody publishes it any more, in the order in which it was lost
 * @param living how many instances are published
 * @param addresses from how many addresses the lost are
 * @param sinceMillis since when, in milliseconds of the wall clock
 * @param endsInMillis how long it lasts at the most from now on
 */
public record Hold(
        ServiceKey service, List<Lost> lost, int living, int addresses, long sinceMillis, long endsInMillis) {

    /** Keeps the list as it is now. */
    public Hold {
        lost = List.copyOf(lost);
    }

    /** An instance that is held, and why it was lost. */
    public record Lost(Instance instance, Cause cause) {}
}
