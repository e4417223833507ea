package io.registry.server.peer;

import io.registry.distro.model.NodeId;
import io.registry.server.core.cluster.PeerCallException;
import io.registry.server.core.cluster.PeerCallException.Reason;
import io.registry.server.peer.line.PeerThread;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What one peer is asked: what waits to be sent, and what was sent and is not answered yet.
 *
 * <p><b>Threading</b>: {@link #ask} from any thread, the rest on the thread of the port, which completes the answers too.
 */
final class OutgoingCalls {

    private final NodeId peer;
    private final int max;
    private final PeerThread thread;
    private final PeerCounters counters;
    private final AtomicInteger underWay = new AtomicInteger();
    private final Queue<Asking> waiting = new ArrayDeque<>();
    private final Map<Long, Asking> sent = new HashMap<>();
    private boolean open;
    private long lastId;

    private final class Asking {

        final byte[] command;
        final CompletableFuture<byte[]> answer = new CompletableFuture<>();

        @Nullable
        Future<?> deadline;

        long id;

        Asking(byte[] command) {
            this.command = command;
        }

        void answered(byte[] bytes) {
            over();
            answer.complete(bytes);
        }

        void failed(Reason reason, String message) {
            over();
            if (reason == Reason.UNREACHED) {
                counters.unreached.increment();
            } else if (reason == Reason.UNANSWERED) {
                counters.unanswered.increment();
            }
            answer.completeExceptionally(new PeerCallException(reason, "node " + peer + ": " + message));
        }

        private void over() {
            underWay.decrementAndGet();
            if (deadline != null) {
                deadline.cancel(false);
            }
        }
    }

    OutgoingCalls(NodeId peer, int max, PeerThread thread, PeerCounters counters) {
        this.peer = peer;
        this.max = max;
        this.thread = thread;
        this.counters = counters;
    }

    /**
     * Asks.
     *
     * @param wake runs on the thread of the port when there is something to send
     */
    CompletableFuture<byte[]> ask(byte[] command, Duration within, Runnable wake) {
        Asking asking = new Asking(command);
        if (underWay.incrementAndGet() > max) {
            asking.failed(Reason.UNREACHED, "calls under way: " + max + " (expected: fewer; try again later)");
        } else if (!thread.tryExecute(() -> begin(asking, within, wake))) {
            asking.failed(Reason.UNREACHED, "this node is stopping");
        }
        return asking.answer;
    }

    private void begin(Asking asking, Duration within, Runnable wake) {
        if (!open) {
            asking.failed(Reason.UNREACHED, "there is no stream to it");
            return;
        }
        asking.deadline = thread.after(within, () -> tooLate(asking, within));
        waiting.add(asking);
        wake.run();
    }

    private void tooLate(Asking asking, Duration within) {
        if (sent.remove(asking.id) != null) {
            asking.failed(Reason.UNANSWERED, "no answer within " + within.toMillis() + " ms");
        } else if (waiting.remove(asking)) {
            asking.failed(Reason.UNREACHED, "it has taken nothing for " + within.toMillis() + " ms");
        }
    }

    /** Begins to take calls: there is a stream. */
    void opened() {
        open = true;
    }

    /** Returns the next call that is sent, or null. */
    StreamForms.@Nullable Call next() {
        Asking asking = waiting.poll();
        if (asking == null) {
            return null;
        }
        asking.id = ++lastId;
        sent.put(asking.id, asking);
        counters.calls.increment();
        return new StreamForms.Call(asking.id, asking.command);
    }

    /** Takes an answer; one that nobody waits for any more is dropped. */
    void answered(StreamForms.Answer answer) {
        Asking asking = sent.remove(answer.id());
        if (asking == null) {
            return;
        }
        if (answer.refusal().isEmpty()) {
            asking.answered(answer.answer());
        } else {
            asking.failed(Reason.REFUSED, answer.refusal());
        }
    }

    /** Ends every call: the stream has ended. */
    void closed(String cause) {
        open = false;
        List<Asking> unsent = new ArrayList<>(waiting);
        List<Asking> unanswered = new ArrayList<>(sent.values());
        waiting.clear();
        sent.clear();
        unsent.forEach(asking -> asking.failed(Reason.UNREACHED, cause));
        unanswered.forEach(asking -> asking.failed(Reason.UNANSWERED, cause));
    }
}
