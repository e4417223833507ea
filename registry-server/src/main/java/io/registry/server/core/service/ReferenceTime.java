package io.registry.server.core.service;

import io.registry.distro.port.DistroClock;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The time written into answers and pushes. Clients treat a smaller value than the last one as out of date and stay
 * silent, so it never goes backwards, also where the wall clock does.
 *
 * <p><b>Threading</b>: from any thread.
 */
public final class ReferenceTime {

    private final DistroClock clock;
    private final AtomicLong last = new AtomicLong();

    /** Makes a time source. */
    public ReferenceTime(DistroClock clock) {
        this.clock = clock;
    }

    /** Returns now, or the last value where the wall clock has gone backwards. */
    public long now() {
        long wall = clock.wallMillis();
        long seen = last.get();
        while (wall > seen) {
            if (last.compareAndSet(seen, wall)) {
                return wall;
            }
            seen = last.get();
        }
        return seen;
    }

    /** Makes later values not smaller than the given one: what another node, or an earlier life, has said. */
    public void atLeast(long millis) {
        last.accumulateAndGet(millis, Math::max);
    }
}
