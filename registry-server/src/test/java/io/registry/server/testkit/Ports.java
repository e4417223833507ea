package io.registry.server.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/** Free loopback ports, as a server or what stands before it needs them. */
public final class Ports {

    /** Different test processes look at different places first; one process never gets the same port twice. */
    private static final AtomicInteger NEXT =
            new AtomicInteger(12_000 + (int) (ProcessHandle.current().pid() * 37 % 10_000));

    private Ports() {}

    /** Finds a port p below the ephemeral range such that p, p + 1000, p + 1001 and p - 1000 are free. */
    public static int free() {
        for (int p = NEXT.getAndAdd(3); p < 31_000; p = NEXT.getAndAdd(3)) {
            if (isFree(p) && isFree(p + 1000) && isFree(p + 1001) && isFree(p - 1000)) {
                return p;
            }
        }
        throw new IllegalStateException("no free port below 31000");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
