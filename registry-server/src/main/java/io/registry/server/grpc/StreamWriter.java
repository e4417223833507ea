package io.registry.server.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.registry.proto.envelope.OutboundEnvelope;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The one way onto a stream. Pushes, probes and acknowledgements come from different threads and a stream takes one
 * writer at a time, so each is queued and written on the transport's own thread: what is framed there is flushed and
 * freed there, and whoever pushes to a thousand streams waits for none.
 *
 * <p>What waits here counts against {@link #isReady()} as what waits in the stream does.
 *
 * <p><b>Threading</b>: all methods may be called from any thread and never block.
 */
final class StreamWriter {

    private final ServerCall<?, OutboundEnvelope> call;
    private final Executor transport;
    private final int readyBytes;
    private final Runnable onReady;
    private final Runnable writing = this::writeAll;
    private final Queue<Object> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicInteger waitingBytes = new AtomicInteger();
    private volatile boolean askedInVain;

    /** Written by {@link #writeAll()} only. */
    private boolean closed;

    /**
     * Makes the way.
     *
     * @param transport runs tasks one after another, in their order
     * @param readyBytes it is not ready while as many bytes wait
     * @param onReady told, on the transport's thread, when it takes more after it was asked in vain; the stream's own
     *     listener tells of its own readiness as well
     */
    StreamWriter(ServerCall<?, OutboundEnvelope> call, Executor transport, int readyBytes, Runnable onReady) {
        this.call = call;
        this.transport = transport;
        this.readyBytes = readyBytes;
        this.onReady = onReady;
    }

    /** Returns whether little enough waits that a push may be added. */
    boolean isReady() {
        if (takesMore()) {
            return true;
        }
        askedInVain = true;
        // What waited may have been written before the mark was seen.
        return takesMore();
    }

    /** Writes a message; one after the end of the stream is dropped. */
    void write(OutboundEnvelope message) {
        waitingBytes.addAndGet(message.size());
        enter(message);
    }

    /** Ends the stream after what was written before; a second end is dropped. */
    void end(Status status) {
        enter(status);
    }

    /** Runs a task on the transport's thread after what was written before, to this stream and others, has left. */
    void whenWritten(Runnable task) {
        enter(task);
    }

    private boolean takesMore() {
        return waitingBytes.get() < readyBytes && call.isReady();
    }

    private void enter(Object item) {
        queue.add(item);
        if (pending.getAndIncrement() == 0) {
            transport.execute(writing);
        }
    }

    private void writeAll() {
        int taken = pending.get();
        do {
            for (int i = 0; i < taken; i++) {
                Object next = queue.poll();
                if (next != null) {
                    apply(next);
                }
            }
            taken = pending.addAndGet(-taken);
        } while (taken != 0);
        if (askedInVain && takesMore()) {
            askedInVain = false;
            onReady.run();
        }
    }

    private void apply(Object item) {
        if (item instanceof OutboundEnvelope message) {
            waitingBytes.addAndGet(-message.size());
        }
        if (item instanceof Runnable task) {
            // What has been framed is flushed by a later task of the thread: this one comes behind it.
            transport.execute(task);
            return;
        }
        if (closed) {
            return;
        }
        try {
            if (item instanceof OutboundEnvelope message) {
                call.sendMessage(message);
            } else if (item instanceof Status status) {
                closed = true;
                call.close(status, new Metadata());
            }
        } catch (RuntimeException e) {
            // The stream has ended under us; its listener is told so and does what is to be done.
            closed = true;
        }
    }
}
