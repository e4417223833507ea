package io.registry.client;

/** How a client talks to its servers. */
public enum Transport {
    /** Over one connection, which the server pushes on; persistent instances over HTTP where the server wants it so. */
    GRPC,
    /** Over HTTP alone, with beats and polling: for servers of the 1.x generation, and networks without gRPC. */
    HTTP
}
