package io.registry.server.core.client;

import io.registry.distro.model.ClientId;
import java.net.InetSocketAddress;

/** The identities of clients on connections: when the connection was made, and where it comes from. */
public final class ConnectionIds {

    private ConnectionIds() {}

    /**
     * Returns the identity of a connection.
     *
     * @param openedMillis when it was made, by the wall clock; with the port it tells connections of one address apart
     */
    public static ClientId of(long openedMillis, InetSocketAddress remote) {
        return new ClientId(openedMillis + "_" + remote.getAddress().getHostAddress() + "_" + remote.getPort());
    }

    /** Returns the address that a connection comes from, without the port; the whole identity where it shows none. */
    public static String address(ClientId connection) {
        String id = connection.value();
        int first = id.indexOf('_');
        int last = id.lastIndexOf('_');
        return first < last ? id.substring(first + 1, last) : id;
    }
}
