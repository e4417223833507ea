package io.registry.distro.model;

/** What keeps a client alive, and with it its record. */
public enum ClientKind {
    /**
     * A gRPC connection, with all that it publishes. The node that holds the connection owns the record for the whole
     * life of it.
     */
    CONNECTION,
    /** One instance in one service, kept alive by beats. Ownership moves to the node that hears the beats. */
    BEAT
}
