package io.registry.server.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.registry.proto.envelope.OutboundEnvelope;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The one way onto a stream. Pushes, probes and acknowledgements come from different threads and a stream takes one
 * writer at a time, so each is queued and whoever finds the section empty writes for all.
 *
 * <p>The queue holds nothing for long: it is emptied into the stream at once, and what is big is only given to it while
 * the stream {@link #isReady()}.
 *
 * <p><b>Threading</b>: all methods may be called from any thread and never block.
 */
final class StreamWriter {

    private final ServerCall<?, OutboundEnvelope> call;
    private final Queue<Object> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();

    /** Written in the section only. */
    private boolean closed;

    StreamWriter(ServerCall<?, OutboundEnvelope> call) {
        this.call = call;
    }

    /** Returns whether little enough waits in the stream that a push may be added. */
    boolean isReady() {
        return call.isReady();
    }

    /** Writes a message; one after the end of the stream is dropped. */
    void write(OutboundEnvelope message) {
        enter(message);
    }

    /** Ends the stream after what was written before; a second end is dropped. */
    void end(Status status) {
        enter(status);
    }

    private void enter(Object item) {
        queue.add(item);
        if (pending.getAndIncrement() != 0) {
            return;
        }
        int taken = 1;
        do {
            for (int i = 0; i < taken; i++) {
                Object next = queue.poll();
                if (next != null) {
                    apply(next);
                }
            }
            taken = pending.addAndGet(-taken);
        } while (taken != 0);
    }

    private void apply(Object item) {
        if (closed) {
            return;
        }
        try {
            if (item instanceof Status status) {
                closed = true;
                call.close(status, new Metadata());
            } else {
                call.sendMessage((OutboundEnvelope) item);
            }
        } catch (RuntimeException e) {
            // The stream has ended under us; its listener is told so and does what is to be done.
            closed = true;
        }
    }
}
