package io.registry.server.core;

import io.registry.distro.port.Cancellable;
import io.registry.distro.port.DistroClock;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/** A clock and an executor on which nothing happens until the test moves the time. */
public final class ManualTime extends VirtualExecutor implements DistroClock {

    private static final long START_MILLIS = 1_000_000;

    private final PriorityQueue<Due> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Due::atMillis).thenComparingLong(Due::number));
    private long nowMillis = START_MILLIS;
    private long count;

    private record Due(Runnable task, long atMillis, long number) {}

    /** Moves the time, and runs what is due on the way, in order. */
    public void advance(Duration by) {
        long until = nowMillis + by.toMillis();
        while (!tasks.isEmpty() && tasks.peek().atMillis() <= until) {
            Due next = tasks.poll();
            nowMillis = Math.max(nowMillis, next.atMillis());
            next.task().run();
        }
        nowMillis = until;
    }

    @Override
    public long wallMillis() {
        return nowMillis;
    }

    @Override
    public long monotonicMillis() {
        return nowMillis;
    }

    @Override
    protected Cancellable later(Runnable task, long nanos) {
        Due due = new Due(task, nowMillis + TimeUnit.NANOSECONDS.toMillis(nanos), count++);
        tasks.add(due);
        return () -> tasks.remove(due);
    }
}
