package io.registry.proto.payload;

import org.jspecify.annotations.Nullable;

/**
 * Adds, replaces or removes what a connection publishes for a service, as one ephemeral instance.
 *
 * @param namespace the namespace id; the default one where the client names none
 * @param serviceName the bare name
 * @param groupName the group; the default one where the client names none
 * @param operation {@link #REGISTER}, {@link #DEREGISTER}, or what the client sent instead
 * @param instance the instance; null where the client sent none
 */
public record InstanceRequest(
        String namespace,
        String serviceName,
        String groupName,
        String operation,
        @Nullable WireInstance instance) implements NamingRequest {

    /** The name of this type on the wire. */
    public static final String TYPE = "InstanceRequest";

    /** The operation that adds or replaces. */
    public static final String REGISTER = "registerInstance";

    /** The operation that removes. */
    public static final String DEREGISTER = "deregisterInstance";

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String answerType() {
        return "InstanceResponse";
    }

    @Override
    public <R> R accept(Handler<R> handler) {
        return handler.instance(this);
    }
}
