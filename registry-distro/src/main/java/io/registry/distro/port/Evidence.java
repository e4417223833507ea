package io.registry.distro.port;

import io.registry.distro.model.ClientId;

/**
 * What this node has itself heard of the clients that it owns.
 *
 * <p><b>Threading:</b> called on the loop.
 */
@FunctionalInterface
public interface Evidence {

    /** Returns whether a client that beats was heard so lately that nobody may call it silent. */
    boolean heardLately(ClientId client);
}
