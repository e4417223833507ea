package io.registry.distro.testkit;

import io.registry.distro.port.Cancellable;
import io.registry.distro.port.DistroClock;
import io.registry.distro.port.DistroTimer;
import java.time.Duration;
import java.util.Comparator;
import java.util.TreeSet;

/** Clocks and timers that stand still until a test moves them. The wall clock can be set apart from the other. */
public final class VirtualTime implements DistroClock, DistroTimer {

    private final TreeSet<Armed> armed =
            new TreeSet<>(Comparator.comparingLong(Armed::dueMillis).thenComparingLong(Armed::sequence));
    private long monotonicMillis = 1_000;
    private long wallAheadMillis = 1_800_000_000_000L;
    private long nextSequence;
    private int timersArmed;

    @Override
    public long wallMillis() {
        return monotonicMillis + wallAheadMillis;
    }

    @Override
    public long monotonicMillis() {
        return monotonicMillis;
    }

    @Override
    public Cancellable after(Duration delay, Runnable task) {
        Armed entry = new Armed(monotonicMillis + delay.toMillis(), nextSequence++, task);
        armed.add(entry);
        timersArmed++;
        return () -> armed.remove(entry);
    }

    /** Lets time pass, and runs what becomes due in the order in which it does. */
    public void pass(Duration duration) {
        long untilMillis = monotonicMillis + duration.toMillis();
        while (!armed.isEmpty() && armed.first().dueMillis() <= untilMillis) {
            Armed next = armed.first();
            armed.remove(next);
            monotonicMillis = Math.max(monotonicMillis, next.dueMillis());
            next.task().run();
        }
        monotonicMillis = untilMillis;
    }

    /** Sets the wall clock forward, or back, and leaves the other alone. */
    public void jumpWall(Duration by) {
        wallAheadMillis += by.toMillis();
    }

    /** Returns how many timers are armed now. */
    public int armedNow() {
        return armed.size();
    }

    /** Returns how many timers were ever armed. */
    public int armedEver() {
        return timersArmed;
    }

    private record Armed(long dueMillis, long sequence, Runnable task) {}
}
