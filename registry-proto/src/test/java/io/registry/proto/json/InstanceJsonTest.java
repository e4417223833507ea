package io.registry.proto.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InstanceJsonTest {

    private static final ServiceKey SERVICE = new ServiceKey("public", "G1", "svcA");

    @Test
    void anInstanceWithoutMetadataIsWrittenAsRecorded() {
        Instance instance = instance(3.0, true, Map.of());

        assertThat(encode(instance))
                .isEqualTo("{\"instanceId\":\"10.0.0.1#8080#c1#G1@@svcA\",\"ip\":\"10.0.0.1\",\"port\":8080,"
                        + "\"weight\":3.0,\"healthy\":true,\"enabled\":true,\"ephemeral\":true,\"clusterName\":\"c1\","
                        + "\"serviceName\":\"G1@@svcA\",\"metadata\":{},\"instanceHeartBeatInterval\":5000,"
                        + "\"instanceHeartBeatTimeOut\":15000,\"ipDeleteTimeout\":30000,"
                        + "\"instanceIdGenerator\":\"simple\"}");
    }

    @Test
    void anInstanceWithOtherMetadataShowsNoIdGenerator() {
        Instance instance = instance(2.5, false, Map.of("k1", "v1"));

        assertThat(encode(instance))
                .isEqualTo("{\"instanceId\":\"10.0.0.1#8080#c1#G1@@svcA\",\"ip\":\"10.0.0.1\",\"port\":8080,"
                        + "\"weight\":2.5,\"healthy\":false,\"enabled\":true,\"ephemeral\":true,\"clusterName\":\"c1\","
                        + "\"serviceName\":\"G1@@svcA\",\"metadata\":{\"k1\":\"v1\"},"
                        + "\"instanceHeartBeatInterval\":5000,\"instanceHeartBeatTimeOut\":15000,"
                        + "\"ipDeleteTimeout\":30000}");
    }

    @Test
    void preservedMetadataAreShownTwice() {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("preserved.ip.delete.timeout", "9000");
        metadata.put("preserved.heart.beat.interval", "1000");
        metadata.put("preserved.heart.beat.timeout", "3000");
        metadata.put("preserved.instance.id.generator", "snowflake");

        assertThat(encode(instance(1.0, true, metadata)))
                .endsWith("\"metadata\":{\"preserved.ip.delete.timeout\":\"9000\","
                        + "\"preserved.heart.beat.interval\":\"1000\",\"preserved.heart.beat.timeout\":\"3000\","
                        + "\"preserved.instance.id.generator\":\"snowflake\"},\"instanceHeartBeatInterval\":1000,"
                        + "\"instanceHeartBeatTimeOut\":3000,\"ipDeleteTimeout\":9000,"
                        + "\"instanceIdGenerator\":\"snowflake\"}");
    }

    @Test
    void aServiceIsItsHeadItsHostsAndItsTail() {
        byte[] a = "{\"ip\":\"a\"}".getBytes(StandardCharsets.UTF_8);
        byte[] b = "{\"ip\":\"b\"}".getBytes(StandardCharsets.UTF_8);

        String json = text(ServiceInfoJson.head("svcA", "G1", "c1,c2", 10_000))
                + text(ServiceInfoJson.joinHosts(List.of(a, b)))
                + text(ServiceInfoJson.tail(1795362618061L, true));

        assertThat(json)
                .isEqualTo("{\"name\":\"svcA\",\"groupName\":\"G1\",\"clusters\":\"c1,c2\",\"cacheMillis\":10000,"
                        + "\"hosts\":[{\"ip\":\"a\"},{\"ip\":\"b\"}],\"lastRefTime\":1795362618061,\"checksum\":\"\","
                        + "\"allIPs\":false,\"allIps\":false,\"reachProtectionThreshold\":true,\"valid\":true}");
    }

    @Test
    void aServiceOfTheFirstHttpApiHasOneSpellingAndADatagramNoGroup() {
        String json = text(ServiceInfoJson.head("G1@@svcA", null, "", 10_000))
                + text(ServiceInfoJson.joinHosts(List.of()))
                + text(ServiceInfoJson.tailV1(7, false));

        assertThat(json)
                .isEqualTo("{\"name\":\"G1@@svcA\",\"clusters\":\"\",\"cacheMillis\":10000,\"hosts\":[],"
                        + "\"lastRefTime\":7,\"checksum\":\"\",\"allIPs\":false,\"reachProtectionThreshold\":false,"
                        + "\"valid\":true}");
    }

    private static Instance instance(double weight, boolean healthy, Map<String, String> metadata) {
        return new Instance("10.0.0.1#8080#c1#G1@@svcA", "10.0.0.1", 8080, weight, healthy, true, true, "c1", metadata);
    }

    private static String encode(Instance instance) {
        return text(InstanceJson.encode(instance, SERVICE));
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }
}
