package io.registry.junit;

import java.util.List;
import java.util.Properties;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A registry in a process of its own, and a switch for each of its faults.
 *
 * <p>Clients reach it through two ports on 127.0.0.1, for HTTP and for gRPC (the first plus 1000), which were free. They
 * belong to this object from the first start until {@link #close}, and stay the same over every fault. Between them and
 * the process is a proxy, where {@link #cut} and {@link #silence} take place. What the registry keeps is in a temporary
 * directory, which a restart finds again and {@link #close} deletes.
 *
 * <p>The process ends with the one that started it, however that ends.
 *
 * <p>Threading: any thread may call; calls that start or end something wait for each other.
 */
public sealed class Registry implements AutoCloseable permits RegistryExtension {

    /** From the first start to the close. */
    private record Running(ServerProcess server, FaultProxy proxy, WorkDirectory directory, Thread atExit) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final List<String> settings;
    private volatile @Nullable Running running;

    Registry(List<String> settings) {
        this.settings = ServerProcess.check(settings);
    }

    /**
     * Starts a registry for whom no extension does, and returns when clients may come. It has to be closed.
     *
     * @param settings settings of the server as it takes them on its command line, such as {@code
     *     --registry.push.gather=100ms}; ports, address and data directory are not among them
     * @throws IllegalArgumentException where an argument is not like that
     * @throws IllegalStateException where it does not start; the message has what the server has printed
     */
    public static Registry started(String... settings) {
        Registry registry = new Registry(List.of(settings));
        registry.start();
        return registry;
    }

    /**
     * Starts it, or starts it again after {@link #stop} or {@link #kill} with the same ports and what it has kept, and
     * returns when clients may come.
     *
     * @throws IllegalStateException where it runs, or does not start; the message has what the server has printed
     */
    public void start() {
        lock.lock();
        try {
            Running started = running == null ? open() : running();
            try {
                started.server().start();
            } catch (RuntimeException e) {
                if (running == null) {
                    discard(started);
                }
                throw e;
            }
            started.proxy().serverIsAt(started.server().port());
            running = started;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Has the server stop in order, as an operator does: it tells its clients and keeps what it knows. Returns when its
     * process has ended; connections are refused from then on.
     *
     * @throws IllegalStateException where it does not run, or does not stop within 30 s
     */
    public void stop() {
        end(ServerProcess::stop);
    }

    /**
     * Ends the server's process at once, as a crash does. Returns when it has ended; connections are refused from then
     * on.
     *
     * @throws IllegalStateException where it does not run
     */
    public void kill() {
        end(ServerProcess::crash);
    }

    /**
     * Starts it again, after {@link #stop} where it runs, and returns when clients may come.
     *
     * @throws IllegalStateException where it was never started, or does not stop or start
     */
    public void restart() {
        lock.lock();
        try {
            if (running().server().isAlive()) {
                stop();
            }
            start();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Cuts the network before the server: breaks every connection and refuses new ones, until {@link #mend}. The server
     * itself goes on.
     *
     * @throws IllegalStateException where it was never started
     */
    public void cut() {
        running().proxy().cut();
    }

    /**
     * Has the network swallow everything, until {@link #mend} or {@link #cut}: connections stay open and new ones can be
     * made, but nothing passes in either direction, not even that the server has ended.
     *
     * @throws IllegalStateException where it was never started
     */
    public void silence() {
        running().proxy().silence();
    }

    /**
     * Undoes {@link #cut} and {@link #silence}: what was held back arrives late, what was cut has to connect again. No
     * effect where nothing is wrong with the network.
     *
     * @throws IllegalStateException where it was never started, or where another process has taken a port meanwhile
     */
    public void mend() {
        running().proxy().mend();
    }

    /** Returns whether the server's process runs. */
    public boolean isRunning() {
        Running now = running;
        return now != null && now.server().isAlive();
    }

    /**
     * Returns {@code 127.0.0.1:port}, as clients are configured: with the HTTP port, to which they add 1000 for gRPC.
     *
     * @throws IllegalStateException where it was never started
     */
    public String serverAddr() {
        return "127.0.0.1:" + port();
    }

    /**
     * Returns the HTTP port; the gRPC port is this plus 1000.
     *
     * @throws IllegalStateException where it was never started
     */
    public int port() {
        return running().proxy().port();
    }

    /**
     * Returns properties for {@code NamingFactory.createNamingService}: the address, and for {@code registry-client} a
     * cache directory that goes with this registry, so that nothing is left in the user's home.
     *
     * @throws IllegalStateException where it was never started
     */
    public Properties clientProperties() {
        Properties properties = new Properties();
        properties.setProperty("serverAddr", serverAddr());
        properties.setProperty(
                "registry.cache-directory", running().directory().clientCache().toString());
        return properties;
    }

    /**
     * Returns the id of the server's process, the last one where it has ended.
     *
     * @throws IllegalStateException where it was never started
     */
    public long pid() {
        return running().server().pid();
    }

    /**
     * Returns what the server has printed since its last start: the last 1,000 lines of it.
     *
     * @throws IllegalStateException where it was never started
     */
    public String log() {
        return running().server().log();
    }

    /**
     * Ends the server at once and gives back everything: ports, threads, the directory. No effect where it was never
     * started. It may be started again, as a new one with other ports.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            Running last = running;
            running = null;
            if (last != null) {
                discard(last);
            }
        } finally {
            lock.unlock();
        }
    }

    private void end(Consumer<ServerProcess> how) {
        lock.lock();
        try {
            Running now = running();
            try {
                how.accept(now.server());
            } finally {
                now.proxy().serverIsGone();
            }
        } finally {
            lock.unlock();
        }
    }

    private Running open() {
        WorkDirectory directory = WorkDirectory.create();
        try {
            ServerProcess server = new ServerProcess(directory, settings);
            Thread atExit = new Thread(
                    () -> {
                        server.kill();
                        directory.delete();
                    },
                    "registry-junit-exit");
            FaultProxy proxy = FaultProxy.onFreePorts();
            Runtime.getRuntime().addShutdownHook(atExit);
            return new Running(server, proxy, directory, atExit);
        } catch (RuntimeException e) {
            directory.delete();
            throw e;
        }
    }

    private static void discard(Running last) {
        try {
            Runtime.getRuntime().removeShutdownHook(last.atExit());
        } catch (IllegalStateException e) {
            // The process is ending, and the hook does the rest.
            return;
        }
        try {
            last.server().kill();
        } finally {
            last.proxy().close();
            last.directory().delete();
        }
    }

    private Running running() {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException("registry: not started (expected: a call of start() before)");
        }
        return now;
    }
}
