package io.registry.server.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Free loopback ports, as a server or what stands before it needs them. A port that was given out stays its test
 * process's own until that ends, also while nothing listens on it: a server that is down for a moment finds its ports
 * again, whatever other test processes run.
 */
public final class Ports {

    private static final int FIRST = 12_000;
    private static final int LAST = 30_999;
    /** A server's ports beside its HTTP port: those of the log, of clients and of the cluster. */
    private static final int[] OFFSETS = {0, -1000, 1000, 1001};

    /** One byte for each port; a lock of it says that the port is taken, and goes with the process that holds it. */
    private static final FileChannel TAKEN = open();

    private static final List<FileLock> MINE = new ArrayList<>();
    private static int next = FIRST;

    private Ports() {}

    /** Finds a port p below the ephemeral range such that p, p + 1000, p + 1001 and p - 1000 are free, and takes them. */
    public static synchronized int free() {
        for (int p = next; p <= LAST; p++) {
            if (take(p)) {
                next = p + 1;
                return p;
            }
        }
        throw new IllegalStateException("no free port up to " + LAST);
    }

    private static boolean take(int port) {
        List<FileLock> locks = new ArrayList<>();
        for (int offset : OFFSETS) {
            FileLock lock = lock(port + offset);
            if (lock != null) {
                locks.add(lock);
            }
        }
        if (locks.size() == OFFSETS.length && IntStream.of(OFFSETS).allMatch(offset -> isFree(port + offset))) {
            MINE.addAll(locks);
            return true;
        }
        locks.forEach(Ports::release);
        return false;
    }

    private static @Nullable FileLock lock(int port) {
        boolean mine = MINE.stream().anyMatch(lock -> lock.position() == port);
        try {
            return mine ? null : TAKEN.tryLock(port, 1, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void release(FileLock lock) {
        try {
            lock.release();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileChannel open() {
        try {
            Path file = Path.of(System.getProperty("java.io.tmpdir"), "registry-test-ports");
            return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tells whether nobody listens at a port of 127.0.0.1. */
    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
