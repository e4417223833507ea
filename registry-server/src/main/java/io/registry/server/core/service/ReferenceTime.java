package io.registry.server.core.service;

import io.registry.distro.port.DistroClock;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The time written into answers and pushes. Clients treat a smaller value than the last one as out of date and stay
 * silent, so it never goes backwards, also where the wall clock does. Nor does it for a client that comes from another
 * node: it follows the hybrid clock, which is not behind that of any node that is heard.
 *
 * <p><b>Threading</b>: from any thread.
 */
public final class ReferenceTime {

    private final DistroClock clock;
    private final AtomicLong last = new AtomicLong();
    private volatile long aheadMillis;

    /** Makes a time source. */
    public ReferenceTime(DistroClock clock) {
        this.clock = clock;
    }

    /** Returns now by the clock that is ahead of all, or the last value where it has gone backwards. */
    public long now() {
        long hybrid = clock.wallMillis() + aheadMillis;
        return last.accumulateAndGet(hybrid, Math::max);
    }

    /**
     * Takes note of the hybrid clock at this moment. Its lead is kept, so that between two words of a node whose clock is
     * ahead the time goes on as it does there.
     *
     * @param hybridMillis the hybrid clock, in milliseconds since 1970
     */
    public void follow(long hybridMillis) {
        aheadMillis = Math.max(0, hybridMillis - clock.wallMillis());
    }
}
