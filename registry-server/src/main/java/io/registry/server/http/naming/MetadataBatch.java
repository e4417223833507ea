package io.registry.server.http.naming;

import io.registry.api.check.Names;
import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.InstanceKey;
import io.registry.api.model.ServiceKey;
import io.registry.proto.json.Utf8Json;
import io.registry.server.core.operate.InstanceOperator;
import io.registry.server.http.Answer;
import io.registry.server.http.HttpCall;
import io.registry.server.http.JsonText;
import io.registry.server.http.MetadataText;
import io.registry.server.http.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sets or removes metadata keys of several instances at once. */
public final class MetadataBatch {

    /** How many instances one call may name; further ones are passed over. */
    private static final int INSTANCES_MAX = 1000;

    private final InstanceOperator instances;

    /** Makes the call. */
    public MetadataBatch(InstanceOperator instances) {
        this.instances = instances;
    }

    /** Changes the metadata and returns which instances were concerned; {@code DELETE} removes keys. */
    public Utf8Json change(HttpCall call, ServiceKey service, String metadata) {
        List<InstanceKey> wanted = parse(call.params().text("instances"));
        Map<String, String> keys = MetadataText.parse(metadata);
        boolean remove = call.method().equals("DELETE");
        List<Instance> concerned = call.await(instances.mergeMetadata(service, wanted, keys, remove));
        Utf8Json body = new Utf8Json(64 + 48 * concerned.size())
                .beginObject()
                .name("updated")
                .beginArray();
        for (Instance instance : concerned) {
            body.value(instance.address() + ":unknown:" + instance.cluster()
                    + (instance.ephemeral() ? ":ephemeral" : ":persistent"));
        }
        return body.endArray().endObject();
    }

    private static List<InstanceKey> parse(@Nullable String text) {
        if (text == null) {
            return List.of();
        }
        if (!(JsonText.read(text) instanceof List<?> items)) {
            throw malformed(text);
        }
        List<InstanceKey> keys = new ArrayList<>();
        for (Object item : items) {
            if (keys.size() == INSTANCES_MAX) {
                break;
            }
            keys.add(key(text, item));
        }
        return keys;
    }

    @SuppressWarnings("unchecked")
    private static InstanceKey key(String text, @Nullable Object item) {
        if (!(item instanceof Map<?, ?> map)) {
            throw malformed(text);
        }
        Map<String, @Nullable Object> json = (Map<String, @Nullable Object>) map;
        String ip = JsonText.scalar(json, "ip");
        String port = JsonText.scalar(json, "port");
        String cluster = JsonText.scalar(json, "clusterName");
        refuse(Names.formatIp(ip));
        refuse(Names.formatPort(port));
        return new InstanceKey(
                ip == null ? "" : ip,
                port == null || port.isEmpty() ? 0 : Integer.parseInt(port),
                cluster == null || cluster.isBlank() ? Instance.DEFAULT_CLUSTER : cluster);
    }

    private static RegistryException malformed(String text) {
        return new RegistryException(
                ErrorCode.INVALID_PARAMETER, "instances format incorrect:" + MetadataText.shown(text));
    }

    private static void refuse(@Nullable String text) {
        if (text != null) {
            throw new Refused(Answer.malformed(text));
        }
    }
}
