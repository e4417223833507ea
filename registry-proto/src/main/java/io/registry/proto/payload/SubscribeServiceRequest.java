package io.registry.proto.payload;

/**
 * Begins or ends a subscription.
 *
 * @param namespace the namespace id; the default one where the client names none
 * @param serviceName the bare name
 * @param groupName the group; the default one where the client names none
 * @param subscribe true to begin, false to end
 * @param clusters names of clusters with commas between them; empty for all
 */
public record SubscribeServiceRequest(
        String namespace, String serviceName, String groupName, boolean subscribe, String clusters)
        implements NamingRequest {

    /** The name of this type on the wire. */
    public static final String TYPE = "SubscribeServiceRequest";

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String answerType() {
        return "SubscribeServiceResponse";
    }

    @Override
    public <R> R accept(Handler<R> handler) {
        return handler.subscribeService(this);
    }
}
