package io.registry.server.raft;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.server.core.cluster.ClusterChanges;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.lookup.MemberAddress;
import io.registry.server.raft.PeerMessages.Outcome;
import io.registry.server.raft.peer.PeerClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings changes of the members to whoever leads. What is certain not to have been begun is tried again for some seconds,
 * in which another member may take the lead over; what may have been begun is not.
 *
 * <p><b>Threading</b>: any; the caller blocks.
 */
final class ForwardedChanges implements ClusterChanges {

    private static final int ATTEMPTS_MAX = 40;
    private static final Duration RETRY_DELAY = Duration.ofMillis(250);

    /** Longer than all that is waited for on the way. */
    private static final int ANSWER_SECONDS = 60;

    private final Group group;
    private final GroupChanges changes;
    private final Supplier<@Nullable RaftMember> member;
    private final RegistryLoop loop;
    private final ExecutorService threads;

    private record Request(int kind, String node, CompletableFuture<Outcome> answer) {}

    ForwardedChanges(
            Group group,
            GroupChanges changes,
            Supplier<@Nullable RaftMember> member,
            RegistryLoop loop,
            ExecutorService threads) {
        this.group = group;
        this.changes = changes;
        this.member = member;
        this.loop = loop;
        this.threads = threads;
    }

    @Override
    public void add(String address) {
        try {
            MemberAddress.read(address);
        } catch (IllegalArgumentException e) {
            throw new RegistryException(ErrorCode.INVALID_PARAMETER, "address: " + e.getMessage());
        }
        run(PeerMessages.ADD, address);
    }

    @Override
    public void remove(String node) {
        run(PeerMessages.REMOVE, node);
    }

    private void run(int kind, String node) {
        Request request = new Request(kind, node, new CompletableFuture<>());
        threads.execute(() -> attempt(request, ATTEMPTS_MAX));
        Outcome outcome;
        try {
            outcome = request.answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (TimeoutException e) {
            throw Refusal.unknown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryException(ErrorCode.NOT_READY, "server is stopping, please try again later!");
        }
        if (!outcome.code().isEmpty()) {
            throw new RegistryException(code(outcome.code()), outcome.message());
        }
    }

    private static ErrorCode code(String name) {
        for (ErrorCode known : ErrorCode.values()) {
            if (known.name().equals(name)) {
                return known;
            }
        }
        return ErrorCode.INTERNAL;
    }

    private void attempt(Request request, int attempts) {
        Outcome outcome;
        try {
            outcome = tryOnce(request);
        } catch (PeerClient.Unreached | PeerClient.Refused e) {
            outcome = null;
        } catch (IOException | RuntimeException e) {
            outcome = Outcome.refused(Refusal.unknown());
        }
        if (outcome != null) {
            request.answer.complete(outcome);
        } else if (attempts == 1) {
            request.answer.complete(Outcome.refused(Refusal.noLeader()));
        } else {
            var unused = loop.after(RETRY_DELAY, () -> threads.execute(() -> attempt(request, attempts - 1)));
        }
    }

    /** Returns null where nobody has begun with it. */
    private @Nullable Outcome tryOnce(Request request) throws IOException {
        RaftMember open = member.get();
        String leader = open == null ? null : open.leader();
        Outcome outcome;
        if (open != null && open.leads()) {
            outcome = changes.outcome(open, request.kind, request.node);
        } else if (leader != null) {
            outcome = group.change(leader, request.kind, request.node.getBytes(StandardCharsets.UTF_8));
        } else {
            return null;
        }
        return outcome.notTaken() ? null : outcome;
    }
}
