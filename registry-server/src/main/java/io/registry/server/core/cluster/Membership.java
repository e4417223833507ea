package io.registry.server.core.cluster;

import io.registry.distro.model.NodeId;
import java.util.List;
import java.util.Optional;

/**
 * Who belongs to the cluster: the one authority on it. It is what the persistent log has committed, and nothing else;
 * lists and names that operators set are only places to look.
 *
 * <p><b>Threading</b>: from any thread.
 */
public interface Membership {

    /** Is told of changes. */
    @FunctionalInterface
    interface Listener {

        /**
         * The members have changed, or one of their addresses has.
         *
         * <p><b>Threading</b>: in a turn of the loop, in the order of the changes.
         *
         * @param members all members from now on, as {@link Membership#members()} returns them
         */
        void membersChanged(List<ClusterMember> members);
    }

    /** Returns this node's identity. */
    NodeId self();

    /**
     * Returns all members, in the order of their ids. Each of them votes. A node that stands alone is the only one. Empty
     * while this node knows of no cluster; without this node where it is not, or no longer, one of them.
     */
    List<ClusterMember> members();

    /** Returns the member that leads the persistent log, as far as this node knows; it may have changed since. */
    Optional<NodeId> leader();

    /**
     * Adds a listener, for good. It is told of changes from now on; what there is already it has to ask for.
     *
     * @param listener must not block
     */
    void listen(Listener listener);

    /** Returns whether this node is a member. */
    default boolean includesSelf() {
        return members().stream().anyMatch(member -> member.id().equals(self()));
    }
}
