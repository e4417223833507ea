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

    /** Returns the service that the client publishes in. */
    public static ServiceKey service(ClientId client) {
        String value = client.value();
        // None of the parts holds the separator: names that do are refused.
        String[] parts = value.substring(value.indexOf(MARK) + MARK.length()).split(ServiceKey.SEPARATOR, 3);
        return new ServiceKey(parts[0], parts[1], parts[2]);
    }

    /** Returns the ip of the address that the client publishes. */
    public static String ip(ClientId client) {
        String value = client.value();
        return value.substring(0, value.lastIndexOf(':', value.indexOf(MARK)));
    }

    /** Returns the port of the address that the client publishes. */
    public static int port(ClientId client) {
        String value = client.value();
        int mark = value.indexOf(MARK);
        return Integer.parseInt(value.substring(value.lastIndexOf(':', mark) + 1, mark));
    }

    /** Returns {@code ip:port#true}, the name under which operators know the client; it spans services. */
    public static String publicName(ClientId client) {
        String value = client.value();
        return value.substring(0, value.indexOf(MARK) + MARK.length() - 1);
    }
}
