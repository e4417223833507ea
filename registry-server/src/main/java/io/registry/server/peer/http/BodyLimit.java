package io.registry.server.peer.http;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * How long a body may be, and all that are under way together.
 *
 * <p><b>Threading</b>: any.
 *
 * @param bytesMax how long it may be
 * @param left what all together have left; null where nobody counts, as its own bound is small
 */
record BodyLimit(int bytesMax, @Nullable AtomicLong left) {

    /** Takes room; returns whether there was enough. */
    boolean take(int bytes) {
        if (left == null || left.addAndGet(-bytes) >= 0) {
            return true;
        }
        left.addAndGet(bytes);
        return false;
    }

    /** Gives room back. */
    void release(int bytes) {
        if (left != null) {
            left.addAndGet(bytes);
        }
    }

    /** Returns what somebody is told whose body is longer. */
    String text() {
        return "body: too long (expected: at most " + bytesMax + " bytes)";
    }
}
