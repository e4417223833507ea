package io.registry.server.http;

import io.registry.api.check.Names;
import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON of a full beat: who it is that beats, and everything that is needed to register it. Members that the
 * registry has no use for ({@code period}, {@code scheduled}, {@code cpu} and others that old clients send) are ignored,
 * and so is the name of the service: the one of the request counts.
 *
 * @param ip the address; null where the beat has none
 * @param port the port; null where the beat has none
 * @param cluster the cluster; null where the beat has none
 * @param weight 0..10000; 1 where the beat has none
 * @param ephemeral false only where the beat says so
 * @param metadata what the client attached
 */
public record BeatText(
        @Nullable String ip,
        @Nullable Integer port,
        @Nullable String cluster,
        double weight,
        boolean ephemeral,
        Map<String, String> metadata) {

    /**
     * Reads a beat.
     *
     * @throws RegistryException where the text is no JSON object or a member is out of its range
     * @throws Refused where address or port are malformed
     */
    public static BeatText parse(String text) {
        Map<String, @Nullable Object> beat = JsonText.object(text);
        Map<String, String> metadata = beat == null ? null : MetadataText.member(beat.get("metadata"));
        if (beat == null || metadata == null) {
            throw new RegistryException(
                    ErrorCode.INVALID_PARAMETER, "beat format incorrect:" + MetadataText.shown(text));
        }
        String ip = blankToNull(JsonText.scalar(beat, "ip"));
        String port = blankToNull(JsonText.scalar(beat, "port"));
        String cluster = blankToNull(JsonText.scalar(beat, "cluster"));
        refuse(Names.formatIp(ip));
        refuse(Names.formatPort(port));
        refuse(Names.formatCluster(cluster));
        String weight = JsonText.scalar(beat, "weight");
        String ephemeral = JsonText.scalar(beat, "ephemeral");
        return new BeatText(
                ip,
                port == null ? null : Integer.valueOf(port),
                cluster,
                weight == null ? 1 : Numbers.real(weight),
                !"false".equalsIgnoreCase(ephemeral),
                metadata);
    }

    /** Returns the instance that a beat registers where nobody knows it. */
    public Instance instance(String address, int portNumber, String clusterName) {
        return new Instance("", address, portNumber, weight, true, true, true, clusterName, metadata);
    }

    private static @Nullable String blankToNull(@Nullable String value) {
        return value == null || value.isBlank() ? null : value;
    }

    private static void refuse(@Nullable String text) {
        if (text != null) {
            throw new Refused(Answer.malformed(text));
        }
    }
}
