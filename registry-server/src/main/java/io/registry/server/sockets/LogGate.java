package io.registry.server.sockets;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Lets one log line through in a while, so that a condition that others can repeat at will cannot flood the log.
 *
 * <p><b>Threading</b>: any thread.
 */
public final class LogGate {

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final LongSupplier nanos;
    private final AtomicLong next;

    /**
     * Makes a gate that is open.
     *
     * @param nanos the clock that the pause is measured by
     */
    public LogGate(LongSupplier nanos) {
        this.nanos = nanos;
        this.next = new AtomicLong(nanos.getAsLong());
    }

    /** Returns whether a line may be written now; then none may for half a minute. */
    public boolean open() {
        long now = nanos.getAsLong();
        long due = next.get();
        return now - due >= 0 && next.compareAndSet(due, now + PAUSE_NANOS);
    }
}
