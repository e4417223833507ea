package io.registry.server.core;

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

/**
 * An executor without a thread: what is to be done is done when its virtual time has come. It never ends, and does nothing
 * again and again.
 */
public abstract class VirtualExecutor extends AbstractExecutorService implements ScheduledExecutorService {

    /**
     * Has a task done later, unless it is cancelled before.
     *
     * @param nanos in how many nanoseconds
     */
    protected abstract Cancellable later(Runnable task, long nanos);

    @Override
    public void execute(Runnable command) {
        Cancellable unused = later(command, 0);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        Task task = new Task(command);
        task.waiting = later(task, unit.toNanos(delay));
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
