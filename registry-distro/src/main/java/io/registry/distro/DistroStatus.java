package io.registry.distro;

import io.registry.distro.member.Member;
import io.registry.distro.model.NodeId;
import io.registry.distro.model.NodeState;
import java.util.List;

/**
 * A picture of replication at one moment, for operators.
 *
 * @param self this node
 * @param incarnation its incarnation
 * @param state how far it is
 * @param leaving whether it is about to stop
 * @param majority whether it sees a majority of the configured members, itself included
 * @param peers the other members, with what is on the way to and from each; ordered by id
 * @param records how many living records it holds
 * @param orphans how many of them nobody speaks for
 * @param tombstones how many it remembers
 * @param driftMillis by how much its hybrid clock is ahead of its wall clock; 0 when it is not
 */
public record DistroStatus(
        NodeId self,
        long incarnation,
        NodeState state,
        boolean leaving,
        boolean majority,
        List<Peer> peers,
        int records,
        int orphans,
        int tombstones,
        long driftMillis) {

    /**
     * What is between this node and one other.
     *
     * @param member how this node sees it
     * @param waiting how many clients have changed here and not been acknowledged there
     * @param lagMillis how long the oldest of these has waited; 0 where nothing waits
     * @param differing how many buckets of what the other owns differ
     * @param differingMillis how long the oldest of these has differed; 0 where none does
     * @param loading how many buckets this node has yet to be given by it, to be ready
     */
    public record Peer(Member member, int waiting, long lagMillis, int differing, long differingMillis, int loading) {}
}
