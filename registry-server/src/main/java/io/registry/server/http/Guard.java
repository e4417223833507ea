package io.registry.server.http;

import io.registry.server.core.access.AccessPolicy;

/** Decides, before any parameter is checked, whether a caller may have a call answered. */
@FunctionalInterface
public interface Guard {

    /**
     * Decides.
     *
     * @param access what the mapping of the call asks
     * @throws io.registry.api.error.RegistryException where that cannot be decided now
     */
    AccessPolicy.Decision decide(Access access, HttpCall call);
}
