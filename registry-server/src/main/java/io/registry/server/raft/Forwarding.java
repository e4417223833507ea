package io.registry.server.raft;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.raft.PeerMessages.Outcome;
import io.registry.server.raft.peer.PeerClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Brings proposals to whoever leads. What is certain not to have reached the log is tried again until its time is over,
 * since an election takes a second or two; what may have reached it never is.
 *
 * <p><b>Threading</b>: any. Entries that wait travel together, on few threads.
 */
final class Forwarding {

    /** How long a proposal may take before its caller is told that nobody leads: an answer is due within 3 s. */
    private static final Duration PATIENCE = Duration.ofMillis(2_500);

    private static final Duration RETRY_DELAY = Duration.ofMillis(100);
    private static final int SENDERS_MAX = 4;
    private static final int BATCH_ENTRIES_MAX = 256;
    private static final int BATCH_BYTES_MAX = 2 << 20;
    private static final int WAITING_MAX = 8_192;

    /** Where proposals go: this node's log, as it is now. */
    interface Log {

        /** Returns this node's member, or null while its log is not open. */
        @Nullable
        RaftMember member();

        /** Completes when the entry of an index is visible here. */
        CompletableFuture<@Nullable Void> visible(long index);
    }

    /** An entry on its way. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Proposal(byte[] entry, CompletableFuture<@Nullable Void> answer) {}

    private final Group group;
    private final Log log;
    private final RegistryLoop loop;
    private final ExecutorService threads;
    private final Queue<Proposal> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger senders = new AtomicInteger();

    Forwarding(Group group, Log log, RegistryLoop loop, ExecutorService threads) {
        this.group = group;
        this.log = log;
        this.loop = loop;
        this.threads = threads;
    }

    /** Proposes an entry here or where the leader is. */
    CompletableFuture<@Nullable Void> propose(byte[] entry) {
        CompletableFuture<@Nullable Void> answer = new CompletableFuture<>();
        var timer = loop.after(PATIENCE, () -> answer.completeExceptionally(Refusal.unknown()));
        Proposal proposal = new Proposal(entry, answer);
        tryHere(proposal);
        return answer.whenComplete((done, failure) -> timer.cancel());
    }

    private void tryHere(Proposal proposal) {
        RaftMember member = log.member();
        if (proposal.answer.isDone()) {
            return;
        }
        if (member == null) {
            later(proposal);
            return;
        }
        try {
            var unused = member.submit(proposal.entry).handle((reply, failure) -> {
                if (reply != null && reply.isSuccess()) {
                    member.tellCommit();
                    proposal.answer.complete(null);
                    return null;
                }
                RegistryException refusal = Refusal.of(reply == null ? failure : reply.getException());
                if (refusal.code() == ErrorCode.NO_LEADER) {
                    send(proposal);
                } else {
                    proposal.answer.completeExceptionally(refusal);
                }
                return null;
            });
        } catch (IOException | RuntimeException e) {
            proposal.answer.completeExceptionally(Refusal.of(e));
        }
    }

    private void later(Proposal proposal) {
        var unused = loop.after(RETRY_DELAY, () -> tryHere(proposal));
    }

    private void send(Proposal proposal) {
        if (count.incrementAndGet() > WAITING_MAX) {
            count.decrementAndGet();
            proposal.answer.completeExceptionally(new RegistryException(
                    ErrorCode.OVERLOADED,
                    "changes on their way to the leader: " + WAITING_MAX + " (expected: fewer; try again later)"));
            return;
        }
        waiting.add(proposal);
        startSender();
    }

    private void startSender() {
        if (senders.incrementAndGet() > SENDERS_MAX) {
            senders.decrementAndGet();
            return;
        }
        threads.execute(() -> {
            try {
                for (List<Proposal> batch = take(); !batch.isEmpty(); batch = take()) {
                    sendTogether(batch);
                }
            } finally {
                senders.decrementAndGet();
            }
            if (!waiting.isEmpty()) {
                startSender();
            }
        });
    }

    private List<Proposal> take() {
        List<Proposal> batch = new ArrayList<>();
        int bytes = 0;
        while (batch.size() < BATCH_ENTRIES_MAX && bytes < BATCH_BYTES_MAX) {
            Proposal next = waiting.poll();
            if (next == null) {
                break;
            }
            count.decrementAndGet();
            batch.add(next);
            bytes += next.entry.length;
        }
        return batch;
    }

    private void sendTogether(List<Proposal> batch) {
        List<Outcome> outcomes;
        try {
            RaftMember member = log.member();
            String leader = member == null ? null : member.leader();
            if (leader == null) {
                batch.forEach(this::later);
                return;
            }
            outcomes = group.propose(leader, batch.stream().map(Proposal::entry).toList());
        } catch (PeerClient.Unreached | PeerClient.Refused e) {
            batch.forEach(this::later);
            return;
        } catch (IOException | RuntimeException e) {
            batch.forEach(proposal -> proposal.answer.completeExceptionally(Refusal.unknown()));
            return;
        }
        for (int i = 0; i < batch.size(); i++) {
            settle(
                    batch.get(i),
                    i < outcomes.size() ? outcomes.get(i) : new Outcome(0, "INTERNAL", "no outcome", false));
        }
    }

    private void settle(Proposal proposal, Outcome outcome) {
        if (outcome.code().isEmpty()) {
            var unused = log.visible(outcome.index()).thenAccept(seen -> proposal.answer.complete(null));
        } else if (outcome.notTaken()) {
            later(proposal);
        } else {
            ErrorCode code = outcome.code().equals(ErrorCode.OVERLOADED.name())
                    ? ErrorCode.OVERLOADED
                    : outcome.code().equals(ErrorCode.NO_LEADER.name()) ? ErrorCode.NO_LEADER : ErrorCode.STORAGE;
            proposal.answer.completeExceptionally(new RegistryException(code, outcome.message()));
        }
    }
}
