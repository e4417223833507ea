package io.registry.server.peer.line;

import io.registry.server.core.cluster.ClusterMember;

/**
 * What carries lines.
 *
 * <p><b>Threading</b>: immutable.
 */
public interface Lines {

    /** Returns where a member takes them, {@code host:port}; empty where it has no such address. */
    String addressOf(ClusterMember member);

    /**
     * Makes a port that is not open yet, with its thread.
     *
     * @param refused told of each caller that was turned away before it had a line
     */
    LinePort port(Runnable refused);
}
