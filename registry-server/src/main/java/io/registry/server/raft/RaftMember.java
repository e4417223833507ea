package io.registry.server.raft;

import io.registry.server.core.cluster.ClusterMember;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
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
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(cluster.getBytes(StandardCharsets.UTF_8));
            return RaftGroupId.valueOf(ByteString.copyFrom(Arrays.copyOf(hash, 16)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
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

    /** Takes a member in, in the place of the one that had its address. Blocks until it has caught up. */
    void admit(ClusterMember joining) throws IOException {
        RaftServer.Division division = server.getDivision(group);
        if (!division.getInfo().isLeader()) {
            throw new IOException("this member does not lead");
        }
        List<RaftPeer> peers = new ArrayList<>();
        for (RaftPeer peer : division.getRaftConf().getAllPeers()) {
            if (peer.getId().toString().equals(joining.id().value())) {
                return;
            }
            if (!peer.getAddress().equals(joining.raft())) {
                peers.add(peer);
            }
        }
        if (peers.size() == division.getRaftConf().getAllPeers().size()) {
            throw new IOException("address: " + joining.raft() + " (expected: that of a member that is lost)");
        }
        peers.add(peer(joining));
        RaftClientReply reply = server.setConfiguration(new SetConfigurationRequest(
                proposer,
                server.getId(),
                group,
                calls.incrementAndGet(),
                SetConfigurationRequest.Arguments.newBuilder()
                        .setServersInNewConf(peers)
                        .build()));
        if (!reply.isSuccess()) {
            throw new IOException(String.valueOf(reply.getException()));
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
