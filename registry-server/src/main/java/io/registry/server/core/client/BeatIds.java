package io.registry.server.core.client;

import io.registry.api.model.ServiceKey;
import io.registry.distro.model.ClientId;

/**
 * The identities of clients that live by HTTP beats: one for each service and {@code ip:port}. The cluster is no part
 * of it, since registering an address again in another cluster replaces the former registration.
 */
public final class BeatIds {

    private static final String MARK = "#true|";

    private BeatIds() {}

    /** Returns the identity of the client that publishes an address in a service. */
    public static ClientId of(ServiceKey service, String ip, int port) {
        return new ClientId(ip + ":" + port + MARK + service.fullName());
    }

    /** Returns whether an identity is one of these. */
    public static boolean isBeat(ClientId client) {
        return client.value().contains(MARK);
    }

    /** Returns {@code ip:port#true}, the name under which operators know the client; it spans services. */
    public static String publicName(ClientId client) {
        String value = client.value();
        return value.substring(0, value.indexOf(MARK) + MARK.length() - 1);
    }
}
