package io.registry.server.core.client;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.distro.model.ClientId;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The connections that are registered on this node.
 *
 * <p><b>Threading</b>: changes on the loop only; reads from any thread.
 */
public final class ClientManager {

    private final ConcurrentMap<ClientId, ConnectionDetails> connections = new ConcurrentHashMap<>();

    /** Takes in a connection. */
    public void connected(ClientId client, ConnectionDetails details) {
        connections.putIfAbsent(client, details);
    }

    /** Forgets a connection; returns whether it was known. */
    public boolean gone(ClientId client) {
        return connections.remove(client) != null;
    }

    /** Refuses a connection that is not, or no longer, registered. */
    public void checkConnected(ClientId client) {
        if (!connections.containsKey(client)) {
            throw new RegistryException(ErrorCode.UNREGISTERED, "Connection is unregistered.");
        }
    }

    /** Returns what is known of a connection, or null. */
    public @Nullable ConnectionDetails details(ClientId client) {
        return connections.get(client);
    }

    /** Returns all connections; a live, unmodifiable picture. */
    public Map<ClientId, ConnectionDetails> connections() {
        return Collections.unmodifiableMap(connections);
    }
}
