package io.registry.proto.payload;

/**
 * Asks to be answered when every subscriber of a service has acknowledged it as it is now. A request of this project:
 * only for servers that have said that they know it, by {@link #ABILITY}.
 *
 * @param namespace the namespace id; the default one where the client names none
 * @param serviceName the bare name
 * @param groupName the group; the default one where the client names none
 * @param timeoutMillis how long to wait at most, in milliseconds
 */
public record AwaitSubscribersRequest(String namespace, String serviceName, String groupName, int timeoutMillis)
        implements NamingRequest {

    /** The name of this type on the wire. */
    public static final String TYPE = "AwaitSubscribersRequest";

    /** The name of the ability. A server shows it only to a client that has shown it. */
    public static final String ABILITY = "awaitSubscribers";

    /** The longest wait, in milliseconds: a minute, well below the times after which idle calls are cut on their way. */
    public static final int TIMEOUT_MILLIS_MAX = 60_000;

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String answerType() {
        return "AwaitSubscribersResponse";
    }

    @Override
    public <R> R accept(Handler<R> handler) {
        return handler.awaitSubscribers(this);
    }
}
