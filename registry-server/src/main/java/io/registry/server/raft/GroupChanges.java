package io.registry.server.raft;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.distro.model.NodeId;
import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.raft.PeerMessages.Hello;
import io.registry.server.raft.PeerMessages.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes who is a member, on the one that leads: one change at a time.
 *
 * <p><b>Threading</b>: any; a change blocks its thread.
 */
final class GroupChanges {

    static final int MEMBERS_MAX = 9;

    private static final Logger LOG = LoggerFactory.getLogger(GroupChanges.class);

    private final Group group;
    private final AtomicBoolean busy = new AtomicBoolean();

    GroupChanges(Group group) {
        this.group = group;
    }

    private interface Change {
        void run() throws IOException;
    }

    /**
     * Adds or removes, and says what has become of it.
     *
     * @param kind {@link PeerMessages#ADD} or {@link PeerMessages#REMOVE}
     * @param node the address, or, to remove, also the id
     */
    Outcome outcome(RaftMember leader, int kind, String node) {
        try {
            alone(leader, () -> {
                if (kind == PeerMessages.ADD) {
                    add(leader, node);
                } else {
                    remove(leader, node);
                }
            });
            return Outcome.done(0);
        } catch (RegistryException e) {
            return Outcome.refused(e);
        } catch (IOException e) {
            LOG.warn("the members could not be changed: node={} cause={}", node, e.toString());
            return Outcome.refused(new RegistryException(ErrorCode.ILLEGAL_STATE, String.valueOf(e.getMessage())));
        }
    }

    /**
     * Takes a node in, in the place of the member that had its address; or takes note of where a member is now. Blocks
     * until it has caught up.
     *
     * @throws IOException where that was not done
     */
    void join(RaftMember leader, ClusterMember joining) throws IOException {
        try {
            alone(leader, () -> {
                List<ClusterMember> members = new ArrayList<>(leader.members());
                ClusterMember before = members.stream()
                        .filter(each -> each.id().equals(joining.id()))
                        .findFirst()
                        .orElseGet(() -> inPlaceOf(members, joining));
                if (before == null) {
                    throw new IOException("address: " + joining.http()
                            + " (expected: that of a member, or to be added by an operator)");
                }
                if (before.equals(joining)) {
                    return;
                }
                members.set(members.indexOf(before), joining);
                leader.reconfigure(members);
                LOG.info("a member has changed: before={} now={} raft={}", before, joining, joining.raft());
            });
        } catch (RegistryException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @SuppressWarnings("NullAway") // null where there is none
    private static ClusterMember inPlaceOf(List<ClusterMember> members, ClusterMember joining) {
        return members.stream()
                .filter(each -> each.raft().equals(joining.raft()))
                .findFirst()
                .orElse(null);
    }

    private void alone(RaftMember leader, Change change) throws IOException {
        if (!leader.leadsReady()) {
            throw Refusal.noLeader();
        }
        if (!busy.compareAndSet(false, true)) {
            throw illegal("another change of the members is under way (expected: one at a time; try again later)");
        }
        try {
            change.run();
        } finally {
            busy.set(false);
        }
    }

    private void add(RaftMember leader, String http) throws IOException {
        List<ClusterMember> members = new ArrayList<>(leader.members());
        if (members.stream().anyMatch(each -> each.http().equals(http))) {
            throw illegal("address: " + http + " (expected: not that of a member: " + members + ")");
        }
        if (members.size() >= MEMBERS_MAX) {
            throw illegal(
                    "members: " + members.size() + " (expected: less than " + MEMBERS_MAX + " before one is added)");
        }
        ClusterMember node = waiting(http, members);
        members.add(node);
        LOG.info("a member is being added: member={}", node);
        leader.reconfigure(members);
        LOG.info("a member was added: member={} members={}", node, members.size());
    }

    /** Returns the node of an address, which has to wait for being added. */
    private ClusterMember waiting(String http, List<ClusterMember> members) {
        String raft = group.raftAddress(http);
        Hello hello;
        try {
            hello = group.hello(raft);
        } catch (IOException e) {
            throw illegal(
                    "address: " + http + ", which does not answer on its Raft port " + raft + ": " + e.getMessage()
                            + " (expected: a node that was started with the secret and the name of the cluster, and waits)");
        }
        ClusterMember node = hello.self();
        if (!node.http().equals(http)) {
            throw illegal("address: " + http + ", where a node is that others should call " + node.http()
                    + " (expected: the address that it advertises)");
        }
        if (hello.known().left()) {
            throw illegal("address: " + http + ", a member that was removed (expected: a node with an empty data"
                    + " directory)");
        }
        if (members.stream().anyMatch(each -> each.id().equals(node.id()))
                || hello.known().has(node.id())) {
            throw illegal("address: " + http + ", which belongs to a cluster already (expected: a node that waits)");
        }
        if (hello.known().members().isEmpty()) {
            throw illegal("address: " + http + ", which has not found this cluster yet (expected: a node that was told"
                    + " where its members are; try again later)");
        }
        return node;
    }

    private void remove(RaftMember leader, String node) throws IOException {
        List<ClusterMember> members = new ArrayList<>(leader.members());
        ClusterMember member = members.stream()
                .filter(each -> each.http().equals(node) || each.id().value().equals(node))
                .findFirst()
                .orElseThrow(() -> new RegistryException(
                        ErrorCode.NOT_FOUND, "member: " + node + " (expected: one of " + members + ")"));
        members.remove(member);
        List<NodeId> living = living(leader, members);
        int majority = members.size() / 2 + 1;
        if (living.size() < majority) {
            throw illegal("member: " + member + ", without which " + members.size() + " members are left, of whom "
                    + living.size() + " answer (expected: at least " + majority + ", a majority)");
        }
        if (leader.is(member.id())) {
            leader.handOver(living);
            LOG.info("this member was asked to leave, and has handed its lead over");
            // Whoever has asked goes on to the one that leads now.
            throw Refusal.noLeader();
        }
        leader.reconfigure(members);
        LOG.info("a member was removed: member={} members={}", member, members.size());
    }

    private List<NodeId> living(RaftMember leader, List<ClusterMember> members) {
        List<NodeId> living = new ArrayList<>();
        for (ClusterMember each : members) {
            try {
                if (leader.is(each.id()) || group.hello(each.raft()).self().id().equals(each.id())) {
                    living.add(each.id());
                }
            } catch (IOException e) {
                LOG.debug("no answer from {}", each, e);
            }
        }
        return living;
    }

    static RegistryException illegal(String message) {
        return new RegistryException(ErrorCode.ILLEGAL_STATE, message);
    }
}
