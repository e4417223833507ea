package io.registry.example;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what no listener tells. */
final class Waiting {

    private static final long POLL_MILLIS = 100;

    private Waiting() {}

    /** Returns true as soon as a condition holds, and false where it does not in time. */
    static boolean until(Duration max, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + max.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        return true;
    }
}
