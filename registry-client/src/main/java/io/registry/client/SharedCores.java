package io.registry.client;

import io.registry.client.runtime.ClientRuntime;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What the services of a process have in common: one set of threads, and one connection for those with equal options.
 * The last user of either ends it.
 *
 * <p>This is the one thing in the SDK that is known to the whole process. Services are made by independent parts of an
 * application, which have nothing to hand around; without a common place each would bring its own threads and its own
 * connection, and a process with fifty of them would be fifty clients to its server.
 *
 * <p><b>Threading</b>: any thread. The lock covers the counts, not the ends.
 */
final class SharedCores {

    /** The one of this process; empty until somebody makes a service. */
    static final SharedCores PROCESS = new SharedCores();

    private static final class Use {
        private final NamingCore core;
        private int count;

        private Use(NamingCore core) {
            this.core = core;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ClientOptions, Use> uses = new HashMap<>();
    private @Nullable ClientRuntime runtime;

    /** Returns the core for options, made where there is none. */
    NamingCore acquire(ClientOptions options) {
        lock.lock();
        try {
            Use use = uses.get(options);
            if (use == null) {
                ClientRuntime threads = runtime;
                if (threads == null) {
                    threads = new ClientRuntime();
                    runtime = threads;
                }
                use = new Use(new NamingCore(threads, options));
                uses.put(options, use);
                use.core.start();
            }
            use.count++;
            return use.core;
        } finally {
            lock.unlock();
        }
    }

    /** Gives back a core. */
    void release(ClientOptions options) {
        NamingCore last = null;
        ClientRuntime end = null;
        lock.lock();
        try {
            Use use = uses.get(options);
            if (use != null && --use.count == 0) {
                last = use.core;
                uses.remove(options);
                if (uses.isEmpty()) {
                    end = runtime;
                    runtime = null;
                }
            }
        } finally {
            lock.unlock();
        }
        if (last != null) {
            last.close();
        }
        if (end != null) {
            end.close();
        }
    }
}
