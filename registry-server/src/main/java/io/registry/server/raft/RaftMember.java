package io.registry.server.raft;

import io.registry.distro.model.NodeId;
import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.core.digest.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.leader.LogAppender;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * One life of Ratis in this process: opened over the files of the log, and closed for good.
 *
 * <p><b>Threading</b>: from any thread, after {@link #open} has returned.
 */
final class RaftMember implements AutoCloseable {

    private static final int HAND_OVER_MILLIS = 5_000;

    private final RaftServer server;
    private final RaftGroupId group;
    private final @Nullable GroupTransport transport;
    private final ClientId proposer = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();

    private RaftMember(RaftServer server, RaftGroupId group, @Nullable GroupTransport transport) {
        this.server = server;
        this.group = group;
        this.transport = transport;
    }

    /**
     * Opens the log. Blocks for as long as reading its files takes.
     *
     * @param members who is in the group where the log does not say so yet; where this node is not among them, it waits
     *     to be taken in
     * @param transport how members reach each other; null for one that is alone
     * @throws UnusableLogException where its files are damaged or not understood
     */
    static RaftMember open(
            RaftConfig config, StoreMachine machine, List<ClusterMember> members, @Nullable GroupTransport transport)
            throws IOException {
        RaftGroupId group = groupId(config.cluster());
        new LogFiles(directory(config).resolve("current")).check();
        RaftPeerId self = RaftPeerId.valueOf(config.self().id().value());
        List<RaftPeer> peers = members.stream().map(RaftMember::peer).toList();
        boolean among = peers.stream().anyMatch(peer -> peer.getId().equals(self));
        RaftServer server = RaftServer.newBuilder()
                .setServerId(self)
                .setGroup(RaftGroup.valueOf(group, among ? peers : List.of()))
                .setOption(RaftStorage.StartupOption.RECOVER)
                .setProperties(RaftSettings.of(config))
                .setParameters(TransportType.parameters(maker(transport)))
                .setStateMachine(machine)
                .build();
        try {
            server.start();
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
        return new RaftMember(server, group, transport);
    }

    /** Returns where the files of the log are. */
    static Path directory(RaftConfig config) {
        return config.directory().resolve(groupId(config.cluster()).getUuid().toString());
    }

    private static RaftGroupId groupId(String cluster) {
        byte[] hash = Sha256.of(cluster.getBytes(StandardCharsets.UTF_8));
        return RaftGroupId.valueOf(ByteString.copyFrom(Arrays.copyOf(hash, 16)));
    }

    private static TransportType.Maker maker(@Nullable GroupTransport transport) {
        if (transport == null) {
            return member -> new SoloTransport();
        }
        return new TransportType.Maker() {
            @Override
            public RaftServerRpc make(RaftServer member) {
                return transport;
            }

            @Override
            public LogAppender keep(LogAppender appender) {
                return transport.keep(appender);
            }
        };
    }

    private static RaftPeer peer(ClusterMember member) {
        RaftPeer.Builder peer = RaftPeer.newBuilder()
                .setId(RaftPeerId.valueOf(member.id().value()))
                .setClientAddress(member.http())
                .setAdminAddress(member.cluster());
        return member.raft().isEmpty()
                ? peer.build()
                : peer.setAddress(member.raft()).build();
    }

    /** Submits an entry; answers as Ratis does, successfully or not, or fails. */
    CompletableFuture<RaftClientReply> submit(byte[] entry) throws IOException {
        return server.submitClientRequestAsync(RaftClientRequest.newBuilder()
                .setClientId(proposer)
                .setServerId(server.getId())
                .setGroupId(group)
                .setCallId(calls.incrementAndGet())
                .setMessage(Message.valueOf(ByteString.copyFrom(entry)))
                .setType(RaftClientRequest.writeRequestType())
                .build());
    }

    RaftServer server() {
        return server;
    }

    /** Returns whether the log has this member among those who vote, committed or not. */
    boolean counts() throws IOException {
        return server.getDivision(group).getRaftConf().getAllPeers().stream()
                .anyMatch(peer -> peer.getId().equals(server.getId()));
    }

    /** Returns the index up to which this member knows the log to be committed. */
    long committed() throws IOException {
        return server.getDivision(group).getRaftLog().getLastCommittedIndex();
    }

    /** Returns where the leader is, or null where nobody leads, or this member itself. */
    @Nullable
    String leader() throws IOException {
        RaftPeerId leader = server.getDivision(group).getInfo().getLeaderId();
        return leader == null || transport == null || leader.equals(server.getId()) ? null : transport.address(leader);
    }

    /** Tells the followers how far the log is committed. */
    void tellCommit() {
        if (transport != null) {
            transport.tellCommit();
        }
    }

    /** Returns whether this member leads. */
    boolean leads() throws IOException {
        return server.getDivision(group).getInfo().isLeader();
    }

    /** Returns whether this member leads, and has taken over what the leader before it left: it refuses changes until then. */
    boolean leadsReady() throws IOException {
        return server.getDivision(group).getInfo().isLeaderReady();
    }

    /** Returns whether this is the member of an id. */
    boolean is(NodeId id) {
        return server.getId().toString().equals(id.value());
    }

    /** Returns whether the log has closed itself, as it does where others say that this member is none. */
    boolean isOver() {
        return server.getLifeCycleState().isClosingOrClosed();
    }

    /** Takes note of where a member was found. */
    void found(ClusterMember other) {
        if (transport != null && !is(other.id())) {
            transport.addMembers(List.of(other));
        }
    }

    /** Returns who the members are as the log has it, committed or not. */
    List<ClusterMember> members() throws IOException {
        return server.getDivision(group).getRaftConf().getCurrentPeers().stream()
                .map(RaftMember::member)
                .toList();
    }

    private static ClusterMember member(RaftPeer peer) {
        return new ClusterMember(
                new NodeId(peer.getId().toString()),
                peer.getClientAddress() == null ? "" : peer.getClientAddress(),
                peer.getAdminAddress() == null ? "" : peer.getAdminAddress(),
                peer.getAddress() == null ? "" : peer.getAddress());
    }

    /**
     * Commits other members, or other addresses of theirs. Blocks until new ones have caught up.
     *
     * @throws IOException where that was not done
     * @throws io.registry.api.error.RegistryException where it may still come about
     */
    void reconfigure(List<ClusterMember> members) throws IOException {
        Collection<RaftPeer> before = server.getDivision(group).getRaftConf().getCurrentPeers();
        Set<String> ids = before.stream().map(peer -> peer.getId().toString()).collect(Collectors.toSet());
        int priority =
                before.stream().mapToInt(RaftPeer::getPriority).findFirst().orElse(0);
        if (members.size() == ids.size()
                && members.stream().allMatch(each -> ids.contains(each.id().value()))) {
            // Ratis takes the same members at other addresses for no change, but not another priority; equal ones mean
            // nothing.
            priority = 1 - priority;
        }
        List<RaftPeer> peers = new ArrayList<>();
        for (ClusterMember each : members) {
            peers.add(RaftPeer.newBuilder(peer(each)).setPriority(priority).build());
        }
        RaftClientReply reply = server.setConfiguration(new SetConfigurationRequest(
                proposer,
                server.getId(),
                group,
                calls.incrementAndGet(),
                SetConfigurationRequest.Arguments.newBuilder()
                        .setServersInNewConf(peers)
                        .build()));
        if (reply.getException() instanceof NotLeaderException) {
            throw Refusal.unknown();
        }
        if (!reply.isSuccess()) {
            throw new IOException("the members stay as they were: "
                    + Refusal.root(reply.getException()).getMessage());
        }
    }

    /**
     * Makes another member lead; whichever leads then, this one does not.
     *
     * @param others who may, the first that can
     * @throws IOException where none has taken over in time; this one leads on
     */
    void handOver(List<NodeId> others) throws IOException {
        String cause = "there is none";
        for (NodeId other : others) {
            RaftClientReply reply = server.transferLeadership(new TransferLeadershipRequest(
                    proposer,
                    server.getId(),
                    group,
                    calls.incrementAndGet(),
                    RaftPeerId.valueOf(other.value()),
                    HAND_OVER_MILLIS));
            if (reply.isSuccess() || !leads()) {
                return;
            }
            cause = String.valueOf(reply.getException());
        }
        throw new IOException("no other member could take over the lead: " + cause);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
