package io.registry.client.grpc;

/** What this client calls itself when it connects, and in the header {@code User-Agent} of calls over HTTP. */
public final class ClientVersion {

    /** The name and version. */
    public static final String TEXT = "Registry-Java-Client:v0.1.0";

    private ClientVersion() {}
}
