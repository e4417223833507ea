package io.registry.server.core.client;

import io.registry.distro.model.ClientId;
import org.jspecify.annotations.Nullable;

/**
 * Asks clients on connections to leave for another node.
 *
 * <p><b>Threading</b>: from any thread; never blocks.
 */
public interface ClientResets {

    /**
     * Asks a client to connect elsewhere. What it publishes stays for the drain grace when its connection ends.
     *
     * @param host where to, as clients know the node, without brackets; null for any other node
     * @param port the HTTP port of that node
     * @return whether there is such a client
     */
    boolean reset(ClientId client, @Nullable String host, int port);

    /** Takes no client from now on: the node stops. */
    void takeNoMore();
}
