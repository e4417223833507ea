package io.registry.junit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client's connection and the one to the server that belongs to it. Each direction ends by itself, as the two sides
 * end it; where one connection breaks, so does the other.
 *
 * <p>Threading: one thread for each direction; any thread may end it.
 */
final class Tunnel {

    private static final int BUFFER_BYTES = 16 * 1024;

    private final Socket client;
    private final Socket server = new Socket();
    private final Runnable awaitPassing;
    private final AtomicInteger directions = new AtomicInteger(2);

    /**
     * Makes one that is not connected to a server yet.
     *
     * @param awaitPassing waits while the network passes nothing on
     */
    Tunnel(Socket client, Runnable awaitPassing) {
        this.client = client;
        this.awaitPassing = awaitPassing;
    }

    void connect(int serverPort) throws IOException {
        server.connect(new InetSocketAddress(PortPair.loopback(), serverPort));
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
    }

    /** Passes on what the client sends, until it sends no more or the tunnel has ended. */
    void passForth() {
        pass(client, server);
    }

    /** Passes on what the server sends, until it sends no more or the tunnel has ended. */
    void passBack() {
        pass(server, client);
    }

    /** Returns whether both directions have. */
    boolean ended() {
        return directions.get() == 0;
    }

    /** Ends both connections. */
    void close() {
        close(client);
        close(server);
    }

    /** Breaks both connections, as seen by either side. */
    void reset() {
        for (Socket socket : new Socket[] {client, server}) {
            try {
                socket.setSoLinger(true, 0);
            } catch (IOException e) {
                // It is closed already.
            }
        }
        close();
    }

    private void pass(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                awaitPassing.run();
                out.write(buffer, 0, n);
            }
            awaitPassing.run();
            to.shutdownOutput();
        } catch (IOException e) {
            awaitPassing.run();
            reset();
        }
        if (directions.decrementAndGet() == 0) {
            close();
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // What cannot be closed is not open.
        }
    }
}
