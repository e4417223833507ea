package io.registry.server.http;

import io.registry.server.core.access.AccessPolicy;
import org.jspecify.annotations.Nullable;

/** Decides, before any parameter is checked, whether a caller may have a call answered. */
public interface Guard {

    /**
     * Decides.
     *
     * @param access what the mapping of the call asks
     * @throws io.registry.api.error.RegistryException where that cannot be decided now
     */
    AccessPolicy.Decision decide(Access access, HttpCall call);

    /**
     * Returns the name of a user that a call gives together with a password, right or wrong.
     *
     * @param access what the mapping of the call asks
     * @return null where it gives none
     */
    @Nullable
    String nameGiven(Access access, HttpCall call);
}
