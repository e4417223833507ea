package io.registry.server.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * A TCP proxy between clients and a server, for its HTTP port and its gRPC port at once, whose connections can be cut,
 * or left open but silent, and come back.
 *
 * <p>Threading: safe for use by any thread.
 */
public final class CutProxy implements AutoCloseable {

    private enum State {
        PASSING,
        SILENT,
        DEAF,
        CUT
    }

    private final int port;
    private final List<ServerSocket> listeners = new ArrayList<>();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Object stateChange = new Object();
    private final LongAdder answered = new LongAdder();
    private volatile State state = State.PASSING;
    private volatile long delayMillis;

    private CutProxy(int port) {
        this.port = port;
    }

    /**
     * Opens a proxy to the server on 127.0.0.1.
     *
     * @param serverPort the server's HTTP port; its gRPC port is this plus 1000
     */
    public static CutProxy to(int serverPort) {
        CutProxy proxy = new CutProxy(Ports.free());
        for (int offset : List.of(0, 1000)) {
            proxy.listen(proxy.port + offset, serverPort + offset);
        }
        return proxy;
    }

    /** Returns {@code 127.0.0.1:port}, as clients are configured. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** Returns the port that stands for the server's HTTP port; this plus 1000 stands for its gRPC port. */
    public int port() {
        return port;
    }

    /** Returns how many bytes have passed from the server to its clients. */
    public long answeredBytes() {
        return answered.sum();
    }

    /** Closes every connection, and every new one as soon as it comes. */
    public void cut() {
        become(State.CUT);
        sockets.forEach(CutProxy::close);
    }

    /** Closes every connection that there is, and serves new ones as before. */
    public void drop() {
        sockets.forEach(CutProxy::close);
    }

    /** Keeps every connection open and passes nothing on, as a network does that drops all packets. */
    public void silence() {
        become(State.SILENT);
    }

    /** Keeps every connection open and passes on what clients send, but nothing that the server answers. */
    public void silenceServer() {
        become(State.DEAF);
    }

    /** Holds back each piece of what comes from either side for a time, as a slow network does; zero for no longer. */
    public void delay(Duration time) {
        delayMillis = time.toMillis();
    }

    /** Passes everything on again; what was held back by {@link #silence()} arrives late. */
    public void restore() {
        become(State.PASSING);
    }

    @Override
    public void close() {
        for (ServerSocket listener : listeners) {
            try {
                listener.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        cut();
    }

    private void become(State next) {
        synchronized (stateChange) {
            state = next;
            stateChange.notifyAll();
        }
    }

    private void listen(int from, int to) {
        try {
            ServerSocket listener = new ServerSocket(from, 200, InetAddress.getLoopbackAddress());
            listeners.add(listener);
            spawn("accept-" + from, () -> {
                while (!listener.isClosed()) {
                    accept(listener, to);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket listener, int to) {
        try {
            Socket client = listener.accept();
            if (state == State.CUT) {
                close(client);
                return;
            }
            Socket server;
            try {
                server = new Socket(InetAddress.getLoopbackAddress(), to);
            } catch (IOException e) {
                // The server is down, and the client shall see just that.
                close(client);
                return;
            }
            sockets.add(client);
            sockets.add(server);
            spawn("to-" + to, () -> pass(client, server, false));
            spawn("from-" + to, () -> pass(server, client, true));
        } catch (IOException e) {
            // The listener was closed.
        }
    }

    private void pass(Socket from, Socket to, boolean fromServer) {
        byte[] buffer = new byte[16 * 1024];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                awaitPassing(fromServer);
                out.write(buffer, 0, n);
                if (fromServer) {
                    answered.add(n);
                }
            }
        } catch (IOException e) {
            // Either side ended; the other one ends with it.
        } finally {
            close(from);
            close(to);
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private void awaitPassing(boolean fromServer) throws IOException {
        synchronized (stateChange) {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delayMillis);
            long left = delayMillis;
            while (left > 0 || state == State.SILENT || fromServer && state == State.DEAF) {
                try {
                    stateChange.wait(Math.max(0, left));
                    left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException(e);
                }
            }
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void spawn(String name, Runnable task) {
        Thread thread = new Thread(task, "cut-proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }
}
