package io.registry.client.stub;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition, with a deadline. */
public final class Await {

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private Await() {}

    /** Returns when the condition holds; fails when it does not within ten seconds. */
    public static void until(String what, BooleanSupplier condition) {
        Duration max = Duration.ofSeconds(10);
        long deadline = System.nanoTime() + max.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + max + ": " + what);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
