package io.registry.proto.payload;

/**
 * Asks for one page of the names of the services of a group.
 *
 * @param namespace the namespace id; the default one where the client names none
 * @param serviceName the bare name
 * @param groupName the group; the default one where the client names none
 * @param pageNo counts from 1
 * @param pageSize how many names a page has
 */
public record ServiceListRequest(String namespace, String serviceName, String groupName, int pageNo, int pageSize)
        implements NamingRequest {

    /** The name of this type on the wire. */
    public static final String TYPE = "ServiceListRequest";

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String answerType() {
        return "ServiceListResponse";
    }

    @Override
    public <R> R accept(Handler<R> handler) {
        return handler.serviceList(this);
    }
}
