package io.registry.server.sockets;

import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What other threads want done on one event loop. However much is given at once, the event loop is woken once for all of
 * it: a wave of pushes to its connections costs one wake-up and not one for each.
 *
 * <p>Tasks run in the order in which they were given; none runs on the giver's stack, even where the giver is on this
 * event loop.
 *
 * <p><b>Threading</b>: {@link #execute} from any thread.
 */
final class TransportThread implements Executor {

    private static final Logger LOG = LoggerFactory.getLogger(TransportThread.class);

    private final EventLoop loop;
    private final Runnable running = this::runAll;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    TransportThread(EventLoop loop) {
        this.loop = loop;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (waiting.getAndIncrement() == 0) {
            wake();
        }
    }

    private void runAll() {
        // What is given meanwhile waits for the next time, so that sockets are read in between.
        int taken = waiting.get();
        for (int i = 0; i < taken; i++) {
            Runnable task = tasks.poll();
            if (task != null) {
                run(task);
            }
        }
        if (waiting.addAndGet(-taken) != 0) {
            wake();
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("a task of a transport failed", e);
        }
    }

    private void wake() {
        try {
            loop.execute(running);
        } catch (RejectedExecutionException e) {
            // The event loop has ended, and with it every transport that the tasks are about.
            tasks.clear();
        }
    }
}
