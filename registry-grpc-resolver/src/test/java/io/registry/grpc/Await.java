package io.registry.grpc;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition, with a deadline. */
final class Await {

    private static final Duration MAX = Duration.ofSeconds(30);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private Await() {}

    /** Returns when the condition holds; fails with the description when it does not in time. */
    static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + MAX.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + MAX + ": " + what);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
