package io.registry.server.raft;

import io.registry.api.error.RegistryException;
import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.raft.PeerMessages.Hello;
import io.registry.server.raft.PeerMessages.Outcome;
import io.registry.server.raft.peer.PeerServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftClientReply;
import org.jspecify.annotations.Nullable;

/**
 * Answers what other members ask this one.
 *
 * <p><b>Threading</b>: any; an answer may block its thread.
 */
final class GroupAnswers implements PeerServer.Answers {

    private static final int PROPOSE_MILLIS = 3_000;

    private final ClusterMember self;
    private final Group group;
    private final GroupMembership membership;
    private final GroupChanges changes;
    private final Supplier<@Nullable RaftMember> member;

    /**
     * Makes the answers.
     *
     * @param member this node's own member, or null while its log is not open
     */
    GroupAnswers(
            ClusterMember self,
            Group group,
            GroupMembership membership,
            GroupChanges changes,
            Supplier<@Nullable RaftMember> member) {
        this.self = self;
        this.group = group;
        this.membership = membership;
        this.changes = changes;
        this.member = member;
    }

    @Override
    public byte[] answer(int kind, byte[] question) throws IOException {
        RaftMember open = member.get();
        if (kind == PeerMessages.HELLO) {
            return PeerMessages.encode(hello(open, PeerMessages.member(question)));
        }
        if (open == null) {
            throw new IOException("the log of this member is not open");
        }
        return switch (kind) {
            case PeerMessages.VOTE ->
                open.server()
                        .requestVote(RequestVoteRequestProto.parseFrom(question))
                        .toByteArray();
            case PeerMessages.APPEND ->
                open.server()
                        .appendEntries(AppendEntriesRequestProto.parseFrom(question))
                        .toByteArray();
            case PeerMessages.INSTALL_SNAPSHOT ->
                open.server()
                        .installSnapshot(InstallSnapshotRequestProto.parseFrom(question))
                        .toByteArray();
            case PeerMessages.START_ELECTION ->
                open.server()
                        .startLeaderElection(StartLeaderElectionRequestProto.parseFrom(question))
                        .toByteArray();
            case PeerMessages.PROPOSE -> PeerMessages.encodeOutcomes(take(open, PeerMessages.entries(question)));
            case PeerMessages.JOIN -> {
                changes.join(open, PeerMessages.member(question));
                yield new byte[0];
            }
            case PeerMessages.ADD, PeerMessages.REMOVE ->
                PeerMessages.encodeOutcomes(
                        List.of(changes.outcome(open, kind, new String(question, StandardCharsets.UTF_8))));
            default -> throw new IOException("kind of question: " + kind + " (expected: one that this member knows)");
        };
    }

    private Hello hello(@Nullable RaftMember open, ClusterMember caller) throws IOException {
        if (open != null && membership.known().has(caller.id())) {
            // It may be elsewhere than the log says; that it is cannot be committed before it is found.
            open.found(caller);
        }
        return new Hello(self, membership.known(), open == null ? 0 : open.committed(), group.wanted());
    }

    private static List<Outcome> take(RaftMember open, List<byte[]> entries) throws IOException {
        List<CompletableFuture<RaftClientReply>> replies = new ArrayList<>();
        for (byte[] entry : entries) {
            replies.add(open.submit(entry));
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (CompletableFuture<RaftClientReply> reply : replies) {
            outcomes.add(outcome(reply));
        }
        open.tellCommit();
        return outcomes;
    }

    private static Outcome outcome(CompletableFuture<RaftClientReply> future) throws IOException {
        RegistryException refusal;
        try {
            RaftClientReply reply = future.get(PROPOSE_MILLIS, TimeUnit.MILLISECONDS);
            if (reply.isSuccess()) {
                return Outcome.done(reply.getLogIndex());
            }
            refusal = Refusal.of(reply.getException());
        } catch (ExecutionException e) {
            refusal = Refusal.of(e);
        } catch (TimeoutException e) {
            refusal = Refusal.unknown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return Outcome.refused(refusal);
    }
}
