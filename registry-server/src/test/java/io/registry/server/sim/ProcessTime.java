package io.registry.server.sim;

import io.registry.distro.port.Cancellable;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The thread of a process, which has none: what is to be done is done when its virtual time has come. */
final class ProcessTime extends AbstractExecutorService implements ScheduledExecutorService {

    /** Does something later. */
    @FunctionalInterface
    interface Later {

        /** Has a task done after so many milliseconds, unless it is cancelled or the process is over by then. */
        Cancellable after(long millis, Runnable task);
    }

    private final Later later;

    ProcessTime(Later later) {
        this.later = later;
    }

    @Override
    public void execute(Runnable command) {
        later.after(0, command);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        Task task = new Task(command);
        // Not too early: a timer rounds up.
        long nanos = unit.toNanos(delay);
        long millis = TimeUnit.NANOSECONDS.toMillis(nanos + TimeUnit.MILLISECONDS.toNanos(1) - 1);
        task.waiting = later.after(millis, task);
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
        return List.of();
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

    private static final class Task extends FutureTask<Void> implements ScheduledFuture<Void> {

        private @Nullable Cancellable waiting;

        Task(Runnable command) {
            super(command, null);
        }

        @Override
        public boolean cancel(boolean mayInterrupt) {
            if (waiting != null) {
                waiting.cancel();
            }
            return super.cancel(mayInterrupt);
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
