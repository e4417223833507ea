package io.registry.server.peer;

import io.registry.distro.model.NodeId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The highest incarnation of each member that has proved itself to this node: one that is lower is a life that is over.
 *
 * <p><b>Threading</b>: on the thread of the port.
 */
final class Incarnations {

    private final Map<NodeId, Long> highest = new HashMap<>();

    /** Takes note of an incarnation, or refuses it. */
    void see(NodeId node, long incarnation) throws RefusedException {
        long seen = highest.getOrDefault(node, Long.MIN_VALUE);
        if (incarnation < seen) {
            throw new RefusedException("incarnation of " + node + ": " + incarnation + " (expected: at least " + seen
                    + "; an older copy of its data directory was started)");
        }
        highest.put(node, incarnation);
    }

    /** Forgets who is no member. */
    void keepOnly(Set<NodeId> members) {
        highest.keySet().retainAll(members);
    }
}
