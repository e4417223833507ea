package io.registry.server.raft.peer;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** Lies between a caller and a server, and reads what the caller says on one connection. */
final class Tap implements Closeable {

    private final ServerSocket between = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final CompletableFuture<byte[]> said;

    Tap(InetSocketAddress server, ExecutorService threads) throws IOException {
        said = CompletableFuture.supplyAsync(() -> passOn(server, threads), threads);
    }

    /** Returns where the caller has to call. */
    InetSocketAddress address() {
        return (InetSocketAddress) between.getLocalSocketAddress();
    }

    /** Waits until the connection is over, and returns what the caller has said on it. */
    byte[] said() {
        return said.join();
    }

    @Override
    public void close() throws IOException {
        between.close();
    }

    private byte[] passOn(InetSocketAddress server, ExecutorService threads) {
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        try (Socket caller = between.accept();
                Socket called = new Socket(server.getAddress(), server.getPort())) {
            CompletableFuture<Void> back = CompletableFuture.runAsync(() -> pump(called, caller, null), threads);
            pump(caller, called, copy);
            called.shutdownOutput();
            back.join();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return copy.toByteArray();
    }

    private static void pump(Socket from, Socket to, @Nullable ByteArrayOutputStream copy) {
        byte[] buffer = new byte[4096];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (copy != null) {
                    copy.write(buffer, 0, read);
                }
                out.write(buffer, 0, read);
            }
        } catch (SocketException e) {
            // One of both ends has closed it.
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
