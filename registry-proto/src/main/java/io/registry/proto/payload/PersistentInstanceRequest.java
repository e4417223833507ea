package io.registry.proto.payload;

import org.jspecify.annotations.Nullable;

/**
 * Adds, replaces or removes an instance that outlives its connection.
 *
 * @param namespace the namespace id; the default one where the client names none
 * @param serviceName the bare name
 * @param groupName the group; the default one where the client names none
 * @param operation {@link InstanceRequest#REGISTER}, {@link InstanceRequest#DEREGISTER}, or what the client sent instead
 * @param instance the instance; null where the client sent none
 */
public record PersistentInstanceRequest(
        String namespace,
        String serviceName,
        String groupName,
        String operation,
        @Nullable WireInstance instance) implements NamingRequest {

    /** The name of this type on the wire. */
    public static final String TYPE = "PersistentInstanceRequest";

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
        return handler.persistentInstance(this);
    }
}
