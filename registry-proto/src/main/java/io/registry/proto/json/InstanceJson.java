package io.registry.proto.json;

import io.registry.api.model.Instance;
import io.registry.api.model.PreservedMetadata;
import io.registry.api.model.ServiceKey;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The JSON of one instance, as every answer and push shows it. */
public final class InstanceJson {

    private InstanceJson() {}

    /** Encodes an instance of a service, in UTF-8. */
    public static byte[] encode(Instance instance, ServiceKey service) {
        StringBuilder json = new StringBuilder(320);
        json.append("{\"instanceId\":");
        text(json, instance.id());
        json.append(",\"ip\":");
        text(json, instance.ip());
        json.append(",\"port\":").append(instance.port());
        json.append(",\"weight\":").append(instance.weight());
        json.append(",\"healthy\":").append(instance.healthy());
        json.append(",\"enabled\":").append(instance.enabled());
        json.append(",\"ephemeral\":").append(instance.ephemeral());
        json.append(",\"clusterName\":");
        text(json, instance.cluster());
        json.append(",\"serviceName\":");
        text(json, service.groupedName());
        json.append(",\"metadata\":{");
        boolean first = true;
        for (Map.Entry<String, String> entry : instance.metadata().entrySet()) {
            if (!first) {
                json.append(',');
            }
            first = false;
            text(json, entry.getKey());
            json.append(':');
            text(json, entry.getValue());
        }
        json.append("},\"instanceHeartBeatInterval\":")
                .append(PreservedMetadata.intervalMillis(instance.metadata()))
                .append(",\"instanceHeartBeatTimeOut\":")
                .append(PreservedMetadata.timeoutMillis(instance.metadata()))
                .append(",\"ipDeleteTimeout\":")
                .append(PreservedMetadata.deleteTimeoutMillis(instance.metadata()));
        String generator = instance.metadata().isEmpty()
                ? PreservedMetadata.SIMPLE_GENERATOR
                : instance.metadata().get(PreservedMetadata.INSTANCE_ID_GENERATOR);
        if (generator != null) {
            json.append(",\"instanceIdGenerator\":");
            text(json, generator);
        }
        return json.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }

    static void text(StringBuilder json, String value) {
        json.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
