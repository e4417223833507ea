package io.registry.server.raft;

import io.registry.api.error.RegistryException;
import io.registry.server.core.cluster.ClusterChanges;

/** Refuses all changes of the members, on a node that stands alone. */
final class NoChanges implements ClusterChanges {

    @Override
    public void add(String address) {
        throw refusal();
    }

    @Override
    public void remove(String member) {
        throw refusal();
    }

    private static RegistryException refusal() {
        return GroupChanges.illegal("this node stands alone (expected: a member of a cluster)");
    }
}
