package io.registry.server.fault;

import java.util.Set;

/**
 * A client that is given the addresses of all nodes, and has to live through what happens to them. What it was asked to
 * register stays wanted whether or not a node answered at once, and what it was asked to deregister stays unwanted.
 *
 * <p><b>Threading</b>: one thread at a time.
 */
public interface Participant extends AutoCloseable {

    /** Registers an ephemeral instance beside others of this client. */
    void register(String service, String ip, int port);

    /** Deregisters it. */
    void deregister(String service, String ip, int port);

    /** Begins to follow a service. */
    void follow(String service);

    /** Returns the addresses of a service that it follows, as this client knows them now, each {@code ip:port}. */
    Set<String> known(String service);

    /** How many instances of one service it can register. */
    default int instancesMax() {
        return Integer.MAX_VALUE;
    }

    /** Ends the client; what it registered is of no one any more. */
    @Override
    void close();
}
