package io.registry.distro.member;

import io.registry.distro.model.NodeId;
import io.registry.distro.model.Sum;
import java.util.Collection;

/**
 * Which node is responsible for an address: the one with the highest score among those that take clients (highest random
 * weight, Thaler and Ravishankar 1998). When a node goes, only what it had moves, and when it comes back, only that
 * returns.
 */
public final class Responsibility {

    private Responsibility() {}

    /**
     * Returns the responsible one of some nodes.
     *
     * @param address {@code ip:port} of the instance
     * @param nodes at least one
     */
    public static NodeId among(Collection<NodeId> nodes, String address) {
        long of = Sum.of(address);
        NodeId best = null;
        long bestScore = 0;
        for (NodeId node : nodes) {
            long score = Sum.of(Sum.of(node.value()), of);
            if (best == null || score > bestScore || (score == bestScore && node.compareTo(best) < 0)) {
                best = node;
                bestScore = score;
            }
        }
        if (best == null) {
            throw new IllegalArgumentException("nodes: none (expected: at least one)");
        }
        return best;
    }
}
