package io.registry.distro.member;

import io.registry.distro.model.NodeId;
import io.registry.distro.model.NodeState;

/**
 * Another node, as this one sees it.
 *
 * @param incarnation the latest that was heard of; 0 where none ever was
 * @param up whether it was heard lately enough
 * @param state how far it said to be, when it was last heard
 * @param leaving whether it said that it is about to stop
 * @param silentMillis for how long it has not been heard, by the monotonic clock; since this node started, where it never was
 */
public record Member(NodeId id, long incarnation, boolean up, NodeState state, boolean leaving, long silentMillis) {

    /** Returns whether clients that beat may be given to it. */
    public boolean isTakingClients() {
        return up && state.isReady() && !leaving;
    }
}
