package io.registry.server.core.cluster;

/**
 * An address of a server, {@code host:port}, taken apart.
 *
 * @param host a name or an address; an IPv6 address in brackets
 * @param port the port
 */
public record HostPort(String host, int port) {

    /**
     * Takes an address apart that was checked when it came in.
     *
     * @throws IllegalArgumentException where it is no {@code host:port} all the same
     */
    public static HostPort of(String address) {
        int colon = address.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("address: " + address + " (expected: host:port)");
        }
        return new HostPort(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }

    /** Returns another port of the same host. */
    public HostPort withPort(int other) {
        return new HostPort(host, other);
    }

    /** Returns the host without brackets. */
    public String bareHost() {
        return host.replaceAll("[\\[\\]]", "");
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
