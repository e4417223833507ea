package io.registry.junit;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The network between clients and the server: listens at two ports which stay the same, and passes every connection on
 * to wherever the server is, or does not.
 *
 * <p>Where a server would not be reached the ports are closed, so that a client is refused just as it would be.
 *
 * <p>Threading: safe for use by any thread. One lock holds all state; one thread for each port and two for each
 * connection move the bytes, and wait while nothing may pass.
 */
final class FaultProxy implements AutoCloseable {

    /** A closed port may be taken for a moment by somebody who looks whether it is free. */
    private static final Duration REOPEN_MAX = Duration.ofSeconds(5);

    private static final Duration REOPEN_PAUSE = Duration.ofMillis(20);

    private enum Network {
        WHOLE,
        CUT,
        SILENT
    }

    private final int port;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Tunnel> tunnels = new LinkedHashSet<>();

    /** None while the ports are closed. */
    private List<ServerSocket> listeners;

    /** One for each of them. */
    private List<Thread> acceptors = List.of();

    private Network network = Network.WHOLE;
    private @Nullable Integer serverPort;
    private boolean closed;

    private FaultProxy(List<ServerSocket> listeners) {
        this.listeners = listeners;
        this.port = listeners.get(0).getLocalPort();
    }

    /** Takes two free ports; there is no server behind them yet. */
    static FaultProxy onFreePorts() {
        FaultProxy proxy = new FaultProxy(PortPair.listen());
        proxy.acceptAtAll();
        return proxy;
    }

    /** Returns the HTTP port; the gRPC port is this plus {@link PortPair#GRPC_OFFSET}. */
    int port() {
        return port;
    }

    /** Passes connections on to a server, given its HTTP port. */
    void serverIsAt(int httpPort) {
        become(() -> serverPort = httpPort);
    }

    /** Closes what is left of connections to a server that has ended, and refuses new ones. */
    void serverIsGone() {
        become(() -> serverPort = null);
    }

    void cut() {
        become(() -> network = Network.CUT);
    }

    void silence() {
        become(() -> network = Network.SILENT);
    }

    /** Passes everything on again; fails where a port has gone to another process. */
    void mend() {
        become(() -> network = Network.WHOLE);
    }

    @Override
    public void close() {
        become(() -> {
            closed = true;
            network = Network.CUT;
        });
    }

    /** Makes a change, and returns when ports and connections are as it wants them. */
    private void become(Runnable change) {
        List<Thread> ending = List.of();
        lock.lock();
        try {
            change.run();
            changed.signalAll();
            boolean reached = network == Network.SILENT || network == Network.WHOLE && serverPort != null;
            if (!reached) {
                PortPair.close(listeners);
                listeners = List.of();
                ending = acceptors;
                tunnels.forEach(network == Network.CUT ? Tunnel::reset : Tunnel::close);
            } else if (listeners.isEmpty() && !closed) {
                listeners = reopen();
                acceptAtAll();
            }
        } finally {
            lock.unlock();
        }
        ending.forEach(FaultProxy::awaitEnd);
    }

    /** A port is closed when nobody accepts there any more, which may be after the call that closes it. */
    private static void awaitEnd(Thread acceptor) {
        try {
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<ServerSocket> reopen() {
        long deadline = System.nanoTime() + REOPEN_MAX.toNanos();
        while (true) {
            try {
                return PortPair.listenAt(port);
            } catch (IOException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw new IllegalStateException(
                            "registry: another process has taken port " + port + " or " + (port + PortPair.GRPC_OFFSET),
                            e);
                }
                LockSupport.parkNanos(REOPEN_PAUSE.toNanos());
            }
        }
    }

    private void acceptAtAll() {
        acceptors = listeners.stream()
                .map(each -> spawn("accept-" + each.getLocalPort(), () -> accept(each)))
                .toList();
    }

    private void accept(ServerSocket listener) {
        while (!listener.isClosed()) {
            try {
                Tunnel tunnel = new Tunnel(listener.accept(), this::awaitPassing);
                if (admit(tunnel)) {
                    spawn("to-" + listener.getLocalPort(), () -> carry(tunnel, listener.getLocalPort() - port));
                } else {
                    tunnel.reset();
                }
            } catch (IOException e) {
                // The listener was closed, or a client has gone before it was greeted.
            }
        }
    }

    private boolean admit(Tunnel tunnel) {
        lock.lock();
        try {
            return network != Network.CUT && tunnels.add(tunnel);
        } finally {
            lock.unlock();
        }
    }

    private void forget(Tunnel tunnel) {
        lock.lock();
        try {
            tunnels.remove(tunnel);
        } finally {
            lock.unlock();
        }
    }

    private void carry(Tunnel tunnel, int offset) {
        try {
            Integer target = awaitPassing();
            if (target == null) {
                throw new IOException("no server");
            }
            tunnel.connect(target + offset);
        } catch (IOException e) {
            tunnel.reset();
            forget(tunnel);
            return;
        }
        spawn("from-" + (port + offset), () -> {
            tunnel.passBack();
            forgetWhenEnded(tunnel);
        });
        tunnel.passForth();
        forgetWhenEnded(tunnel);
    }

    private void forgetWhenEnded(Tunnel tunnel) {
        if (tunnel.ended()) {
            forget(tunnel);
        }
    }

    /** Waits until bytes may pass, or never will; returns where the server is, null where there is none. */
    private @Nullable Integer awaitPassing() {
        lock.lock();
        try {
            while (network == Network.SILENT) {
                changed.awaitUninterruptibly();
            }
            return serverPort;
        } finally {
            lock.unlock();
        }
    }

    private static Thread spawn(String name, Runnable task) {
        Thread thread = new Thread(task, "registry-junit-" + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
