package io.registry.junit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** An HTTP port and the gRPC port that belongs to it, on 127.0.0.1. */
final class PortPair {

    /** What clients add to the HTTP port. */
    static final int GRPC_OFFSET = 1000;

    /** Both lie below what systems give to whoever asks for any port: Linux from 32768 on, others from 49152. */
    private static final int PORT_MIN = 12_000;

    private static final int PORT_MAX = 31_000;
    private static final int ATTEMPTS_MAX = 500;
    private static final int BACKLOG = 200;

    private PortPair() {}

    /** Listens at both ports of a free pair, the HTTP port first. */
    static List<ServerSocket> listen() {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            try {
                return listenAt(ThreadLocalRandom.current().nextInt(PORT_MIN, PORT_MAX));
            } catch (IOException e) {
                // One of the two is taken: another pair.
            }
        }
        throw new IllegalStateException("no two free ports n and n + " + GRPC_OFFSET + " in " + ATTEMPTS_MAX
                + " attempts (expected: most of " + PORT_MIN + ".." + (PORT_MAX + GRPC_OFFSET) + " free)");
    }

    /**
     * Listens at both ports of a pair.
     *
     * @throws IOException where one of them is taken; neither is listened at then
     */
    static List<ServerSocket> listenAt(int port) throws IOException {
        List<ServerSocket> listeners = new ArrayList<>();
        try {
            for (int each : List.of(port, port + GRPC_OFFSET)) {
                ServerSocket listener = new ServerSocket();
                listeners.add(listener);
                listener.setReuseAddress(true);
                listener.bind(new InetSocketAddress(loopback(), each), BACKLOG);
            }
            return listeners;
        } catch (IOException e) {
            close(listeners);
            throw e;
        }
    }

    /** Returns the HTTP port of a pair that is free now. */
    static int free() {
        List<ServerSocket> listeners = listen();
        close(listeners);
        return listeners.get(0).getLocalPort();
    }

    static void close(List<ServerSocket> listeners) {
        for (ServerSocket listener : listeners) {
            try {
                listener.close();
            } catch (IOException e) {
                throw new IllegalStateException("cannot close " + listener, e);
            }
        }
    }

    static InetAddress loopback() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("no address", e);
        }
    }
}
