package io.registry.server.boot;

import io.registry.distro.port.DistroClock;

/** The machine's clocks. */
final class SystemClock implements DistroClock {

    private static final long NANOS_PER_MILLI = 1_000_000;

    @Override
    public long wallMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public long monotonicMillis() {
        return System.nanoTime() / NANOS_PER_MILLI;
    }

    /** Returns the monotonic clock in nanoseconds. */
    long nanos() {
        return System.nanoTime();
    }
}
