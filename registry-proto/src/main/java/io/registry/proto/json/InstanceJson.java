package io.registry.proto.json;

import io.registry.api.model.Instance;
import io.registry.api.model.PreservedMetadata;
import io.registry.api.model.ServiceKey;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An instance as consumers see it in every list of hosts: over HTTP, over gRPC and in a datagram.
 *
 * <p>{@code serviceName} is {@code group@@name}. The four properties at the end are views of the metadata, in
 * milliseconds where they are times.
 */
public final class InstanceJson {

    private InstanceJson() {}

    /** Returns the JSON object of an instance of a service, in an array of exactly its size. */
    public static byte[] encode(Instance instance, ServiceKey service) {
        Utf8Json json = new Utf8Json(512);
        write(json, instance, service.groupedName());
        return json.toBytes();
    }

    /** Writes the JSON object of an instance as the next value of a document. */
    public static void write(Utf8Json json, Instance instance, String groupedServiceName) {
        Map<String, String> metadata = instance.metadata();
        json.beginObject()
                .field("instanceId", instance.shownId(groupedServiceName))
                .field("ip", instance.ip())
                .field("port", instance.port())
                .field("weight", instance.weight())
                .field("healthy", instance.healthy())
                .field("enabled", instance.enabled())
                .field("ephemeral", instance.ephemeral())
                .field("clusterName", instance.cluster())
                .field("serviceName", groupedServiceName)
                .field("metadata", metadata)
                .field("instanceHeartBeatInterval", PreservedMetadata.intervalMillis(metadata))
                .field("instanceHeartBeatTimeOut", PreservedMetadata.timeoutMillis(metadata))
                .field("ipDeleteTimeout", PreservedMetadata.deleteTimeoutMillis(metadata))
                .fieldIfPresent("instanceIdGenerator", generator(metadata))
                .endObject();
    }

    /** Returns what stands for the id generator: with metadata of other kinds only, nothing does. */
    private static @Nullable String generator(Map<String, String> metadata) {
        return metadata.isEmpty()
                ? PreservedMetadata.SIMPLE_GENERATOR
                : metadata.get(PreservedMetadata.INSTANCE_ID_GENERATOR);
    }
}
