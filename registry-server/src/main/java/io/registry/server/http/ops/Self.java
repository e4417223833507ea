package io.registry.server.http.ops;

/**
 * How this node appears among the members.
 *
 * @param ip its address
 * @param port its HTTP port
 * @param raftPort the port of its consistent log
 * @param startedMillis when it started, in milliseconds since 1970
 */
public record Self(String ip, int port, int raftPort, long startedMillis) {

    /** The version of the protocol that is spoken, which is what those who ask for a version want to know. */
    static final String PROTOCOL_VERSION = "2.5.1";

    /** Returns {@code ip:port}. */
    public String address() {
        return ip + ":" + port;
    }
}
