package io.registry.server.sim;

import io.registry.distro.model.NodeId;
import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.core.cluster.Membership;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Who belongs to the cluster, as one process knows it. */
final class KnownMembers implements Membership {

    private final NodeId self;
    private final List<Listener> listeners = new ArrayList<>();
    private List<ClusterMember> members;

    KnownMembers(NodeId self, Collection<NodeId> members) {
        this.self = self;
        this.members = described(members);
    }

    /** Takes over who the members are. On the loop. */
    void learn(Collection<NodeId> others) {
        List<ClusterMember> now = described(others);
        if (!now.equals(members)) {
            members = now;
            listeners.forEach(listener -> listener.membersChanged(now));
        }
    }

    @Override
    public NodeId self() {
        return self;
    }

    @Override
    public List<ClusterMember> members() {
        return members;
    }

    @Override
    public Optional<NodeId> leader() {
        return members.isEmpty() ? Optional.empty() : Optional.of(members.get(0).id());
    }

    @Override
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    private static List<ClusterMember> described(Collection<NodeId> ids) {
        return ids.stream()
                .map(id -> new ClusterMember(id, id + ":8848", id + ":9849", id + ":7848"))
                .toList();
    }
}
