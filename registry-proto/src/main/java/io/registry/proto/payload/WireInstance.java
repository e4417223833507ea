package io.registry.proto.payload;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client says about an instance. Properties that are only views of the metadata are not here: the metadata count.
 *
 * @param instanceId the id that the application chose; null where it chose none
 * @param ip the address; may be empty
 * @param port any number; valid ones are 0..65535
 * @param weight any number, maybe not finite; valid ones are 0..10000; 1 where the client sent none
 * @param healthy true where the client sent nothing
 * @param enabled true where the client sent nothing
 * @param ephemeral true where the client sent nothing; the type of the request decides, not this
 * @param clusterName null where the client names none
 * @param serviceName bare or grouped; null where the client names none, as most do
 * @param metadata in the client's order, with empty strings for null values; unmodifiable
 */
public record WireInstance(
        @Nullable String instanceId,
        String ip,
        int port,
        double weight,
        boolean healthy,
        boolean enabled,
        boolean ephemeral,
        @Nullable String clusterName,
        @Nullable String serviceName,
        Map<String, String> metadata) {}
