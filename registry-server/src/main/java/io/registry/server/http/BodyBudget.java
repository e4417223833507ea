package io.registry.server.http;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory the bodies of requests may take while they arrive: each for itself, and all together.
 *
 * <p><b>Threading</b>: any thread.
 */
public final class BodyBudget {

    private final int bodyBytesMax;
    private final long allBytesMax;
    private final AtomicLong allBytes = new AtomicLong();

    /**
     * Makes a budget.
     *
     * @param bodyBytesMax the longest body
     * @param allBytesMax what the bodies that are under way may take together; at least one body
     */
    public BodyBudget(int bodyBytesMax, long allBytesMax) {
        this.bodyBytesMax = bodyBytesMax;
        this.allBytesMax = Math.max(bodyBytesMax, allBytesMax);
    }

    int bodyBytesMax() {
        return bodyBytesMax;
    }

    void take(int bytes) throws Exhausted {
        if (allBytes.addAndGet(bytes) > allBytesMax) {
            allBytes.addAndGet(-bytes);
            throw new Exhausted();
        }
    }

    void release(int bytes) {
        allBytes.addAndGet(-bytes);
    }

    /** So many bodies are under way that there is no room for another. */
    static final class Exhausted extends IOException {
        private static final long serialVersionUID = 1L;
    }
}
