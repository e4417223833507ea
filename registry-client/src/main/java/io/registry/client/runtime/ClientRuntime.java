package io.registry.client.runtime;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of the SDK: the loop, one for listeners, and one for what blocks (HTTP, files, names of hosts). The last
 * two exist while there is work for them. All are daemons named {@code registry-client-…}.
 *
 * <p><b>Threading</b>: any thread may call.
 */
public final class ClientRuntime {

    private static final Logger log = LoggerFactory.getLogger(ClientRuntime.class);
    private static final Duration END_MAX = Duration.ofMillis(800);
    private static final long IDLE_SECONDS = 20;

    private final ClientLoop loop = new ClientLoop(new DaemonThreads("registry-client-loop"));
    private final ThreadPoolExecutor listeners = oneThread("registry-client-listener");
    private final ThreadPoolExecutor blocking = oneThread("registry-client-io");

    /** Returns the thread of all state. */
    public ClientLoop loop() {
        return loop;
    }

    /** Returns the thread of the listeners that bring none of their own. */
    public Executor listeners() {
        return listeners;
    }

    /** Returns the thread that may block. */
    public Executor blocking() {
        return blocking;
    }

    /** Ends all threads and waits for them, for less than a second. */
    public void close() {
        listeners.shutdownNow();
        // What is to be written to disk is, if it takes no longer than that.
        blocking.shutdown();
        try {
            long deadline = System.nanoTime() + END_MAX.toNanos();
            boolean ended = loop.close(END_MAX);
            if (!ended || !blocking.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                blocking.shutdownNow();
                log.warn("threads of the client are still at work and will end later");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ThreadPoolExecutor oneThread(String name) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DaemonThreads(name),
                (task, of) -> {
                    // Work that comes after the end is of no use to anybody.
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }
}
