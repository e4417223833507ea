package io.registry.client.runtime;

import io.grpc.netty.shaded.io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.ThreadFactory;

/** Makes the SDK's threads: daemons with a name, so that none keeps a process alive. */
final class DaemonThreads implements ThreadFactory {

    private final String name;

    DaemonThreads(String name) {
        this.name = name;
    }

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new FastThreadLocalThread(task, name);
        thread.setDaemon(true);
        // Not the one of whoever happened to come first, which may belong to an application that is unloaded later.
        thread.setContextClassLoader(DaemonThreads.class.getClassLoader());
        return thread;
    }
}
