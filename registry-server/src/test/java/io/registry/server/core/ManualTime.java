package io.registry.server.core;

import io.registry.distro.port.DistroClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A clock and an executor on which nothing happens until the test moves the time. */
public final class ManualTime extends AbstractExecutorService implements DistroClock, ScheduledExecutorService {

    private static final long START_MILLIS = 1_000_000;

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong((Task t) -> t.atMillis).thenComparingLong(t -> t.number));
    private long nowMillis = START_MILLIS;
    private long count;

    /** Moves the time, and runs what is due on the way, in order. */
    public void advance(Duration by) {
        long until = nowMillis + by.toMillis();
        while (!tasks.isEmpty() && tasks.peek().atMillis <= until) {
            Task task = tasks.poll();
            nowMillis = Math.max(nowMillis, task.atMillis);
            task.run();
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
    public void execute(Runnable command) {
        ScheduledFuture<?> unused = schedule(command, 0, TimeUnit.MILLISECONDS);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        Task task = new Task(command, nowMillis + unit.toMillis(delay), count++);
        tasks.add(task);
        return task;
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initial, long period, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initial, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
        return new ArrayList<>();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }

    private static final class Task extends java.util.concurrent.FutureTask<Void> implements ScheduledFuture<Void> {

        final long atMillis;
        final long number;

        Task(Runnable command, long atMillis, long number) {
            super(command, null);
            this.atMillis = atMillis;
            this.number = number;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int compareTo(Delayed other) {
            throw new UnsupportedOperationException();
        }
    }
}
