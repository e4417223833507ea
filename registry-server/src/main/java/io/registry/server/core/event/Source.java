package io.registry.server.core.event;

import io.registry.distro.model.ClientId;
import io.registry.distro.model.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * Where a change of instances comes from.
 *
 * @param client who publishes or published them
 * @param cause why they changed, in a word for the log
 * @param node the node that wrote the change, of an ephemeral instance; null where the log of all nodes did
 * @param origin who asked for it; null where nobody did, or another node was asked
 */
public record Source(
        ClientId client,
        String cause,
        @Nullable NodeId node,
        @Nullable Origin origin) {}
