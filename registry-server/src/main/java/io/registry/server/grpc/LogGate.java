package io.registry.server.grpc;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Lets one log line through in a while, so that a condition that clients can repeat at will cannot flood the log.
 *
 * <p><b>Threading</b>: any thread.
 */
final class LogGate {

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final LongSupplier nanos;
    private final AtomicLong next;

    LogGate(LongSupplier nanos) {
        this.nanos = nanos;
        this.next = new AtomicLong(nanos.getAsLong());
    }

    /** Returns whether a line may be written now; then none may for half a minute. */
    boolean open() {
        long now = nanos.getAsLong();
        long due = next.get();
        return now - due >= 0 && next.compareAndSet(due, now + PAUSE_NANOS);
    }
}
