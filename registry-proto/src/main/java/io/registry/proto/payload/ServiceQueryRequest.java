package io.registry.proto.payload;

/**
 * Asks for the instances of a service.
 *
 * @param namespace the namespace id; the default one where the client names none
 * @param serviceName the bare name
 * @param groupName the group; the default one where the client names none
 * @param cluster names of clusters with commas between them; empty for all
 * @param healthyOnly whether to leave out unhealthy instances
 */
public record ServiceQueryRequest(
        String namespace, String serviceName, String groupName, String cluster, boolean healthyOnly)
        implements NamingRequest {

    /** The name of this type on the wire. */
    public static final String TYPE = "ServiceQueryRequest";

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String answerType() {
        return "QueryServiceResponse";
    }

    @Override
    public <R> R accept(Handler<R> handler) {
        return handler.serviceQuery(this);
    }
}
