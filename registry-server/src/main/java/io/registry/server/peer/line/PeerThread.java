package io.registry.server.peer.line;

import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The one thread of the lines to other members. It reads and writes each and owns its state. It is not shared with
 * the port of the SDKs: a wave of pushes to ten thousand clients must not hold up a heartbeat.
 *
 * <p><b>Threading</b>: any. After its end, what it is given is dropped.
 */
public final class PeerThread implements Executor {

    private final EventLoopGroup group;
    private final EventLoop loop;

    /** Makes it of a group with one thread. */
    public PeerThread(EventLoopGroup group) {
        this.group = group;
        this.loop = group.next();
    }

    /** Returns the thread as gRPC wants it. */
    public EventLoopGroup group() {
        return group;
    }

    @Override
    public void execute(Runnable task) {
        tryExecute(task);
    }

    /** Runs a task, and returns whether it will be run. */
    public boolean tryExecute(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Runs a task here and now where this is the thread, and on it otherwise. */
    public void run(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            execute(task);
        }
    }

    /** Runs a task later; called on the thread itself. */
    public Future<?> after(Duration delay, Runnable task) {
        return loop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Ends the thread; returns whether it has ended in time. */
    public boolean close() {
        return group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    }
}
