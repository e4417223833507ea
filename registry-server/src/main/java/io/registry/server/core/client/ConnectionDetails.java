package io.registry.server.core.client;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is known of a connection.
 *
 * @param remoteIp the address of the socket
 * @param remotePort the port of the socket
 * @param clientIp the address that the client reports of itself; may be a host name or empty; not to be trusted
 * @param version the client's name and version, such as {@code Nacos-Java-Client:v2.5.1}
 * @param appName the application's name, or {@code unknown}
 * @param labels all labels of the client, in its order
 * @param connectedMillis when it was registered, in milliseconds of the wall clock
 */
public record ConnectionDetails(
        String remoteIp,
        int remotePort,
        String clientIp,
        String version,
        String appName,
        Map<String, String> labels,
        long connectedMillis) {

    /** Keeps the labels as they are now. */
    public ConnectionDetails {
        labels = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }
}
