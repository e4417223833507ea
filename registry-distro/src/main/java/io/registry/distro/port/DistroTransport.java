package io.registry.distro.port;

import io.registry.distro.message.DistroMessage;
import io.registry.distro.model.NodeId;

/**
 * Brings messages to other nodes.
 *
 * <p><b>Threading:</b> called on the loop. Never blocks, never throws, and never runs anything of the caller's inside the
 * call. May lose, double, delay and reorder messages; keeps none back for a peer that does not take them, beyond a bound.
 *
 * @param <K> names a part of the data
 * @param <D> what clients publish
 */
@FunctionalInterface
public interface DistroTransport<K, D> {

    /** Sends a message to a node, if it can. */
    void send(NodeId peer, DistroMessage<K, D> message);
}
