package io.registry.server.testkit.network;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Addresses of this machine: 127.0.0.1, 127.0.0.2 and so on, with one port for all, as on machines of their own. Where the
 * system has 127.0.0.1 only, all nodes are there, each with ports of its own. Links cannot be broken.
 */
public final class LoopbackNetwork implements HostNetwork {

    private static final int HOSTS_MAX = 250;

    private final IntSupplier freePort;
    private final boolean manyHosts;
    private int port;
    private int places;

    private LoopbackNetwork(IntSupplier freePort, boolean manyHosts) {
        this.freePort = freePort;
        this.manyHosts = manyHosts;
    }

    /** @param freePort finds an HTTP port with free derived ports, another one each time */
    public LoopbackNetwork(IntSupplier freePort) {
        this(freePort, isThere("127.0.0.2"));
    }

    /** Makes one with all nodes at 127.0.0.1, each with ports of its own. */
    public static LoopbackNetwork onOneHost(IntSupplier freePort) {
        return new LoopbackNetwork(freePort, false);
    }

    @Override
    public String description() {
        return "addresses of the loopback interface, whose links cannot be cut";
    }

    @Override
    public boolean breaks() {
        return false;
    }

    @Override
    public Place add() {
        if (places == HOSTS_MAX) {
            throw new IllegalStateException("places: more than " + HOSTS_MAX);
        }
        if (places == 0 || !manyHosts) {
            port = freePort.getAsInt();
        }
        places++;
        String host = "127.0.0." + (manyHosts ? places : 1);
        return new Place(host, port, List.of(), List.of("--server.address=" + host));
    }

    @Override
    public void deafen(int node, int other) {
        throw unsupported();
    }

    @Override
    public void unplug(int node) {
        throw unsupported();
    }

    @Override
    public void lose(int node, int percent) {
        throw unsupported();
    }

    @Override
    public void slow(int node, Duration delay) {
        throw unsupported();
    }

    @Override
    public void heal() {
        // Nothing can have been broken.
    }

    @Override
    public void close() {
        // Nothing was made.
    }

    private UnsupportedOperationException unsupported() {
        return new UnsupportedOperationException(description());
    }

    private static boolean isThere(String host) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), 0));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
