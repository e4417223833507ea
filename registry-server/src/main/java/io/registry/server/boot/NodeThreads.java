package io.registry.server.boot;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads of the node that no library makes: named here, counted here, ended here. */
final class NodeThreads {

    private final ScheduledThreadPoolExecutor loop;
    private final ExecutorService disk;
    private final ScheduledThreadPoolExecutor recorder;
    private final ExecutorService udp;
    private final ThreadPoolExecutor log;
    private final ThreadPoolExecutor names;
    private final ThreadPoolExecutor peers;

    NodeThreads() {
        this.loop = new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "registry-loop"));
        this.loop.setRemoveOnCancelPolicy(true);
        this.loop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.disk = Executors.newSingleThreadExecutor(task -> new Thread(task, "registry-disk"));
        this.recorder = new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "registry-recorder"));
        this.recorder.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.udp = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "registry-udp");
            thread.setDaemon(true);
            return thread;
        });
        this.log = new ThreadPoolExecutor(
                1, 1, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> new Thread(task, "registry-log"));
        this.log.allowCoreThreadTimeOut(true);
        this.names = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "registry-names");
            thread.setDaemon(true);
            return thread;
        });
        this.names.allowCoreThreadTimeOut(true);
        this.peers = new ThreadPoolExecutor(
                0, 160, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> new Thread(task, "registry-peers"));
    }

    /** Returns the thread that looks up the names of hosts; it is there only while there is something to look up. */
    ExecutorService names() {
        return names;
    }

    /** Returns the loop's own thread, which also serves its timers. */
    ScheduledExecutorService loop() {
        return loop;
    }

    /** Returns the thread that writes files and log lines. */
    ExecutorService disk() {
        return disk;
    }

    /** Returns the thread that records what happens. */
    ScheduledExecutorService recorder() {
        return recorder;
    }

    /** Returns the thread that waits for datagrams. */
    ExecutorService udp() {
        return udp;
    }

    /** Returns the threads that wait for other members; none where there are none. */
    ExecutorService peers() {
        return peers;
    }

    /** Returns the thread that opens and closes the log; gone when it has nothing to do. */
    ExecutorService log() {
        return log;
    }

    void close() {
        loop.shutdownNow();
        log.shutdown();
        peers.shutdownNow();
        disk.shutdown();
        recorder.shutdown();
        udp.shutdownNow();
        names.shutdownNow();
        try {
            if (!disk.awaitTermination(5, TimeUnit.SECONDS)) {
                disk.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
