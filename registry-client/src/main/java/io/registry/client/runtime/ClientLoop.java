package io.registry.client.runtime;

import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread on which all state of the SDK is written. It is also the thread of the connections' sockets, so that a
 * message is read, understood and acknowledged without changing threads.
 *
 * <p><b>Threading</b>: any thread may call. What runs here must never block.
 */
public final class ClientLoop {

    private static final Logger log = LoggerFactory.getLogger(ClientLoop.class);

    private final EventLoopGroup group;
    private final EventLoop loop;
    private final Executor executor;

    ClientLoop(DaemonThreads threads) {
        group = new MultiThreadIoEventLoopGroup(1, threads, NioIoHandler.newFactory());
        loop = group.next();
        executor = loop;
    }

    /** Something that was to happen later, and now may be not. */
    @FunctionalInterface
    public interface Timer {
        /** Calls it off; no effect where it has happened. */
        void cancel();
    }

    /** Returns the group of event loops that this thread is, for the transport. */
    public EventLoopGroup group() {
        return group;
    }

    /** Returns whether the calling thread is this one. */
    public boolean inLoop() {
        return loop.inEventLoop();
    }

    /** Fails where the calling thread is another. */
    public void assertInLoop() {
        if (!loop.inEventLoop()) {
            throw new IllegalStateException("not on the client loop: " + Thread.currentThread());
        }
    }

    /** Runs a task here: at once where the caller is here already, else soon. Dropped after the end. */
    public void execute(Runnable task) {
        if (loop.inEventLoop()) {
            run(task);
            return;
        }
        try {
            executor.execute(() -> run(task));
        } catch (RejectedExecutionException e) {
            log.debug("dropped after the end", e);
        }
    }

    /** Has something done here and returns what comes of it. Fails after the end. */
    public <T> CompletableFuture<T> call(Supplier<CompletableFuture<T>> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Runnable run = () -> {
            try {
                CompletableFuture<T> asked = task.get();
                // Whoever gives up waits no longer for what was asked either.
                Outcome.of(result, (value, failure) -> {
                    if (result.isCancelled()) {
                        asked.cancel(false);
                    }
                });
                Outcome.of(asked, (value, failure) -> {
                    if (failure == null) {
                        result.complete(value);
                    } else {
                        result.completeExceptionally(failure);
                    }
                });
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        };
        if (loop.inEventLoop()) {
            run.run();
            return result;
        }
        try {
            executor.execute(run);
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(e);
        }
        return result;
    }

    /** Runs a task here after a time. */
    public Timer after(Duration delay, Runnable task) {
        try {
            Future<?> future = loop.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException e) {
            return () -> {};
        }
    }

    /** Returns a time that only ever rises, in milliseconds since some moment. */
    public long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /** Returns a random number from 0 (inclusive) to 1 (exclusive). */
    public double random() {
        return ThreadLocalRandom.current().nextDouble();
    }

    /** Ends the thread, closes its sockets and waits for that; returns whether it has come about. */
    boolean close(Duration max) throws InterruptedException {
        Future<?> end = group.shutdownGracefully(0, 200, TimeUnit.MILLISECONDS);
        return loop.inEventLoop() || end.await(max.toMillis());
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            log.error("a defect of the client: a task on its loop has failed", e);
        }
    }
}
