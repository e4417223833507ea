package io.registry.proto.payload;

import java.util.List;

/**
 * Replaces what a connection publishes for a service by exactly these ephemeral instances.
 *
 * @param namespace the namespace id; the default one where the client names none
 * @param serviceName the bare name
 * @param groupName the group; the default one where the client names none
 * @param operation {@link #BATCH_REGISTER}, or what the client sent instead
 * @param instances in the order of the client, maybe none; unmodifiable
 */
public record BatchInstanceRequest(
        String namespace, String serviceName, String groupName, String operation, List<WireInstance> instances)
        implements NamingRequest {

    /** The name of this type on the wire. */
    public static final String TYPE = "BatchInstanceRequest";

    /** The one operation. */
    public static final String BATCH_REGISTER = "batchRegisterInstance";

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String answerType() {
        return "BatchInstanceResponse";
    }

    @Override
    public <R> R accept(Handler<R> handler) {
        return handler.batchInstance(this);
    }
}
