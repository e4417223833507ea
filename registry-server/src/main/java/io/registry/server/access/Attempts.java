package io.registry.server.access;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * How many attempts someone has left: so many at once, and one more after each pause. An attempt that succeeds is given
 * back. Bounded: who was not seen for longest is forgotten first.
 *
 * <p><b>Threading</b>: from any thread; the lock protects the map for some lookups.
 */
final class Attempts {

    private final int entriesMax;
    private final int burst;
    private final long pauseNanos;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();

    /** When all attempts of someone will be back, in nanoseconds. */
    private final Map<String, Long> fullAt = new LinkedHashMap<>(16, 0.75f, true);

    Attempts(int entriesMax, int burst, Duration pause, LongSupplier nanos) {
        this.entriesMax = entriesMax;
        this.burst = burst;
        this.pauseNanos = pause.toNanos();
        this.nanos = nanos;
    }

    /** Takes an attempt; returns how long to wait for one where none is left, in nanoseconds, else 0. */
    long take(String who) {
        lock.lock();
        try {
            long now = nanos.getAsLong();
            Long full = fullAt.get(who);
            long debt = full == null ? 0 : Math.max(0, full - now);
            long wait = debt + pauseNanos - burst * pauseNanos;
            if (wait > 0) {
                return wait;
            }
            fullAt.put(who, now + debt + pauseNanos);
            if (fullAt.size() > entriesMax) {
                fullAt.remove(fullAt.keySet().iterator().next());
            }
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /** Gives an attempt back. */
    void giveBack(String who) {
        lock.lock();
        try {
            fullAt.computeIfPresent(who, (key, full) -> full - pauseNanos);
        } finally {
            lock.unlock();
        }
    }
}
