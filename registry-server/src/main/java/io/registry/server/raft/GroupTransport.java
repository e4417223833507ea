package io.registry.server.raft;

import io.registry.server.core.cluster.ClusterMember;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.leader.LogAppender;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries Ratis's questions to the other members of the group; what they ask comes in through {@link Group}.
 *
 * <p><b>Threading</b>: any; a question blocks its thread, as Ratis has one for each follower and each vote.
 */
final class GroupTransport implements RaftServerRpc {

    private static final Logger LOG = LoggerFactory.getLogger(GroupTransport.class);

    private static final int ANSWER_MILLIS = 3_000;

    private final PeerClients clients;
    private final InetSocketAddress own;
    private final Map<RaftPeerId, String> addresses = new ConcurrentHashMap<>();
    private final Set<String> silent = ConcurrentHashMap.newKeySet();
    private final Set<LogAppender> appenders = ConcurrentHashMap.newKeySet();

    GroupTransport(PeerClients clients, InetSocketAddress own) {
        this.clients = clients;
        this.own = own;
    }

    /** Keeps the one who sends to a follower, so that it can be told of a commit. */
    LogAppender keep(LogAppender appender) {
        appenders.removeIf(each -> !each.isRunning()
                && each.getFollower().getId().equals(appender.getFollower().getId()));
        appenders.add(appender);
        return appender;
    }

    /** Tells the followers at once how far the log is committed, rather than with the next heartbeat. */
    void tellCommit() {
        appenders.forEach(appender -> {
            if (appender.isRunning()) {
                appender.triggerHeartbeat();
            }
        });
    }

    /** Takes note of where members are, also before the log says so. */
    void addMembers(List<ClusterMember> members) {
        members.forEach(member -> addresses.put(RaftPeerId.valueOf(member.id().value()), member.raft()));
    }

    @Override
    public void addRaftPeers(Collection<RaftPeer> peers) {
        peers.forEach(peer -> addresses.put(peer.getId(), peer.getAddress()));
    }

    @Override
    public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
        return RequestVoteReplyProto.parseFrom(
                call(request.getServerRequest(), PeerMessages.VOTE, request.toByteArray()));
    }

    @Override
    public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request) throws IOException {
        return AppendEntriesReplyProto.parseFrom(
                call(request.getServerRequest(), PeerMessages.APPEND, request.toByteArray()));
    }

    @Override
    public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request) throws IOException {
        return InstallSnapshotReplyProto.parseFrom(
                call(request.getServerRequest(), PeerMessages.INSTALL_SNAPSHOT, request.toByteArray()));
    }

    @Override
    public StartLeaderElectionReplyProto startLeaderElection(StartLeaderElectionRequestProto request)
            throws IOException {
        return StartLeaderElectionReplyProto.parseFrom(
                call(request.getServerRequest(), PeerMessages.START_ELECTION, request.toByteArray()));
    }

    private byte[] call(RaftRpcRequestProto header, int kind, byte[] question) throws IOException {
        RaftPeerId to = RaftPeerId.valueOf(header.getReplyId());
        String address = addresses.get(to);
        if (address == null) {
            throw new IOException("member: " + to + " (expected: one whose address is known)");
        }
        try {
            byte[] answer = clients.to(address).call(kind, question, ANSWER_MILLIS);
            if (silent.remove(address)) {
                LOG.info("member answers again: address={}", address);
            }
            return answer;
        } catch (IOException e) {
            if (silent.add(address)) {
                LOG.warn("member does not answer, asked until it does: address={} cause={}", address, e.getMessage());
            }
            throw e;
        }
    }

    /** Returns where a member is; null where that is not known. */
    @Nullable
    String address(RaftPeerId member) {
        return addresses.get(member);
    }

    @Override
    public void start() {}

    @Override
    public InetSocketAddress getInetSocketAddress() {
        return own;
    }

    @Override
    public RpcType getRpcType() {
        return new TransportType();
    }

    @Override
    public void handleException(RaftPeerId member, Exception e, boolean reconnect) {}

    @Override
    public void close() {}
}
