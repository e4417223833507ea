package io.registry.client.grpc;

import io.registry.proto.payload.ServerPush;

/** What the connection's life means to those who use it. Called on the client loop. */
public interface ConnectionListener {

    /** A connection is in use from now on; the server knows nothing of this client yet. */
    void connected(GrpcConnection connection);

    /** The server shows a service, on the connection in use. */
    void service(GrpcConnection connection, ServerPush.NotifySubscriber push);

    /**
     * The server tells what has changed in a service, on the connection in use.
     *
     * @return false where that does not fit what was shown before: the server is to show the whole
     */
    boolean change(GrpcConnection connection, ServerPush.NotifyChange push);

    /** The server tells what matches a pattern, on the connection in use. */
    void fuzzyWatch(ServerPush.FuzzyWatch push);
}
