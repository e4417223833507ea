package io.registry.distro;

import io.registry.distro.model.NodeState;
import java.util.Collection;
import java.util.List;

/**
 * The way of a node from its start until it is settled: waits a moment to hear its peers, takes what it knew before from
 * disk where no peer knows better, and is ready when it has what its peers own.
 *
 * <p><b>Threading:</b> runs on the loop.
 */
final class Loading<D> {

    private final long hearMillis;
    private final long deadlineMillis;
    private final long settleMillis;
    private Collection<Kept<D>> kept = List.of();
    private boolean decided;
    private boolean gaveUp;
    private NodeState state = NodeState.LOADING;
    private boolean fromSettled;
    private long startMillis;

    /** Makes a node that has not started. */
    Loading(DistroConfig config) {
        this.hearMillis = config.sync().memberDownAfter().toMillis();
        this.deadlineMillis = config.sync().loadDeadline().toMillis();
        this.settleMillis = config.ownerLease().toMillis();
    }

    /** Takes what the node knew before it was restarted. */
    void keep(Collection<Kept<D>> before) {
        kept = before;
    }

    void start(long atMillis) {
        startMillis = atMillis;
    }

    boolean isReady() {
        return state.isReady();
    }

    /** How far the node is. */
    NodeState state(long nowMillis) {
        if (state == NodeState.READY && (fromSettled || nowMillis - startMillis >= settleMillis)) {
            state = NodeState.SETTLED;
        }
        return state;
    }

    /** What is to be restored now: all that was kept, once, where no settled peer is there to know better. */
    Collection<Kept<D>> restoreNow(long nowMillis, boolean allHeard, boolean settledPeer) {
        if (decided || !(settledPeer || allHeard || hasWaited(nowMillis))) {
            return List.of();
        }
        decided = true;
        Collection<Kept<D>> all = settledPeer ? List.of() : kept;
        kept = List.of();
        return all;
    }

    /** Whether the node has become ready just now. */
    boolean readyNow(long nowMillis, boolean allHeard, boolean settledPeer, boolean loaded) {
        if (state.isReady()) {
            return false;
        }
        boolean complete = (allHeard || hasWaited(nowMillis)) && loaded;
        if (!complete && nowMillis - startMillis < deadlineMillis) {
            return false;
        }
        fromSettled = complete && settledPeer;
        state = NodeState.READY;
        return true;
    }

    /** Whether the node ceases just now to wait for those that it has not heard. */
    boolean givesUpNow(long nowMillis) {
        boolean now = !gaveUp && !state.isReady() && hasWaited(nowMillis);
        gaveUp |= now;
        return now;
    }

    private boolean hasWaited(long nowMillis) {
        return nowMillis - startMillis >= hearMillis;
    }
}
