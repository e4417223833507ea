package io.registry.server.raft;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
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
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/**
 * One life of Ratis in this process: opened over the files of the log, and closed for good.
 *
 * <p><b>Threading</b>: {@link #submit} from any thread, after {@link #open} has returned.
 */
final class RaftMember implements AutoCloseable {

    private final RaftServer server;
    private final RaftGroupId group;
    private final ClientId proposer = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();

    private RaftMember(RaftServer server, RaftGroupId group) {
        this.server = server;
        this.group = group;
    }

    /**
     * Opens the log. Blocks for as long as reading its files takes.
     *
     * @throws UnusableLogException where its files are damaged or not understood
     */
    static RaftMember open(RaftConfig config, StoreMachine machine) throws IOException {
        RaftGroupId group = groupId(config.cluster());
        new LogFiles(config.directory().resolve(group.getUuid().toString()).resolve("current")).check();
        RaftPeer self =
                RaftPeer.newBuilder().setId(RaftPeerId.valueOf(config.member())).build();
        RaftServer server = RaftServer.newBuilder()
                .setServerId(self.getId())
                .setGroup(RaftGroup.valueOf(group, self))
                .setOption(RaftStorage.StartupOption.RECOVER)
                .setProperties(RaftSettings.of(config))
                .setParameters(TransportType.parameters(member -> new SoloTransport()))
                .setStateMachine(machine)
                .build();
        try {
            server.start();
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
        return new RaftMember(server, group);
    }

    /** Returns the id that the name of a cluster stands for. */
    static RaftGroupId groupId(String cluster) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(cluster.getBytes(StandardCharsets.UTF_8));
            return RaftGroupId.valueOf(ByteString.copyFrom(Arrays.copyOf(hash, 16)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
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

    @Override
    public void close() throws IOException {
        server.close();
    }
}
