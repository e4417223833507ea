package io.registry.server.raft;

import io.registry.api.error.RegistryException;
import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.raft.GroupMembership.Known;
import io.registry.server.raft.PeerMessages.Hello;
import io.registry.server.raft.PeerMessages.Outcome;
import io.registry.server.raft.peer.PeerServer;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftClientReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other members, as this one sees them: answers what they ask and asks them.
 *
 * <p>A group forms once. The member whose address comes first in the list founds it, when it has heard from all of the
 * others that they belong to no group; they take over what it has decided. So no two members can begin with different
 * lists. A node that is blank when the group exists is never taken for the one that had its address before, since that
 * one may have voted and acknowledged: it asks to be taken in, in that one's place, under an id of its own.
 *
 * <p><b>Threading</b>: any; asking blocks.
 */
final class Group implements PeerServer.Answers, Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(Group.class);

    private static final int HELLO_MILLIS = 2_000;
    private static final int PROPOSE_MILLIS = 3_000;

    /** The joining member is brought up to date meanwhile. */
    private static final int JOIN_MILLIS = 30_000;

    final PeerClients clients;

    private final RaftConfig config;
    private final GroupConfig group;
    private final GroupMembership membership;
    private final PeerServer server;
    private final Supplier<@Nullable RaftMember> member;
    private String waitingFor = "";

    /**
     * Makes the group; its port is not open yet.
     *
     * @param member this node's own member, or null while its log is not open
     */
    Group(
            RaftConfig config,
            GroupConfig group,
            GroupMembership membership,
            ExecutorService threads,
            Supplier<@Nullable RaftMember> member)
            throws IOException {
        this.config = config;
        this.group = group;
        this.membership = membership;
        this.clients = new PeerClients(group.secret());
        this.server = new PeerServer(group.secret(), this, threads);
        this.member = member;
    }

    void open() throws IOException {
        try {
            server.open(group.listen());
        } catch (IOException e) {
            throw new UnusableLogException("registry.raft.port: "
                    + group.listen().getPort() + " cannot be opened: " + e.getMessage() + " (expected: a free port)");
        }
    }

    /** Tries once to find out who is in the group, or to found it; empty where it has to be tried again. */
    Optional<List<ClusterMember>> form() throws IOException {
        if (!membership.members().isEmpty()) {
            return Optional.of(membership.members());
        }
        List<ClusterMember> blank = new ArrayList<>();
        blank.add(config.self());
        List<String> silent = new ArrayList<>();
        for (String address : group.members()) {
            if (isOwn(address)) {
                continue;
            }
            try {
                Hello hello = hello(address);
                if (!hello.known().members().isEmpty()) {
                    return Optional.of(adopt(hello.known()));
                }
                if (blank.stream()
                        .anyMatch(each -> each.id().equals(hello.self().id()))) {
                    throw new IOException("it is the node " + hello.self() + ", which is in the list already");
                }
                blank.add(hello.self());
            } catch (IOException e) {
                silent.add(address + " (" + e.getMessage() + ")");
            }
        }
        String founder = group.members().stream().sorted().findFirst().orElseThrow();
        if (silent.isEmpty() && isOwn(founder)) {
            membership.learn(new Known(0, blank));
            LOG.info("the group is founded: cluster={} members={}", config.cluster(), blank);
            return Optional.of(blank);
        }
        String waits = silent.isEmpty() ? founder + " to found the group" : String.join(", ", silent);
        if (!waits.equals(waitingFor)) {
            waitingFor = waits;
            LOG.info("the group is not formed yet; waiting for {}", waits);
        }
        return Optional.empty();
    }

    private boolean isOwn(String address) {
        return address.equals(config.self().raft());
    }

    private List<ClusterMember> adopt(Known known) throws IOException {
        if (known.members().stream()
                .noneMatch(each -> each.id().equals(config.self().id()) || isOwn(each.raft()))) {
            throw new UnusableLogException(
                    "registry.cluster.members: " + config.self().http()
                            + " is not a member of the group, which has been formed (expected: one of "
                            + known.members().stream().map(ClusterMember::http).toList() + ")");
        }
        membership.learn(known);
        return known.members();
    }

    /** Asks the members, one after another, to be taken in; returns whether the leader has done so. */
    boolean join() {
        byte[] self = PeerMessages.encode(config.self());
        for (String address : group.members()) {
            if (isOwn(address)) {
                continue;
            }
            try {
                clients.to(address).call(PeerMessages.JOIN, self, JOIN_MILLIS);
                LOG.info("taken into the group, in the place of the member that had this address: by={}", address);
                return true;
            } catch (IOException e) {
                LOG.debug("not taken in by {}", address, e);
            }
        }
        return false;
    }

    Hello hello(String address) throws IOException {
        byte[] self = PeerMessages.encode(config.self());
        return PeerMessages.hello(clients.to(address).call(PeerMessages.HELLO, self, HELLO_MILLIS));
    }

    List<Outcome> propose(String leader, List<byte[]> entries) throws IOException {
        return PeerMessages.outcomes(clients.to(leader)
                .callOnce(PeerMessages.PROPOSE, PeerMessages.encodeEntries(entries), PROPOSE_MILLIS + 1_000));
    }

    @Override
    public byte[] answer(int kind, byte[] question) throws IOException {
        if (kind == PeerMessages.HELLO) {
            RaftMember open = member.get();
            long committed = open == null ? 0 : open.committed();
            return PeerMessages.encode(new Hello(config.self(), membership.known(), committed));
        }
        RaftMember open = member.get();
        if (open == null) {
            throw new IOException("the log of this member is not open yet");
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
                open.admit(PeerMessages.member(question));
                yield new byte[0];
            }
            default -> throw new IOException("kind of question: " + kind + " (expected: one that this member knows)");
        };
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
                return new Outcome(reply.getLogIndex(), "", "");
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
        return new Outcome(0, refusal.code().name(), String.valueOf(refusal.getMessage()));
    }

    @Override
    public void close() throws IOException {
        server.close();
        clients.close();
    }
}
