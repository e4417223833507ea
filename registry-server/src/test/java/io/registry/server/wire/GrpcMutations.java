package io.registry.server.wire;

import io.registry.server.testkit.Envelope;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Makes random messages: right ones, and ones that are broken in the envelope, in the JSON or in a value. */
final class GrpcMutations {

    private static final List<String> TYPES = List.of(
            "InstanceRequest",
            "BatchInstanceRequest",
            "ServiceQueryRequest",
            "SubscribeServiceRequest",
            "ServiceListRequest",
            "NamingFuzzyWatchRequest",
            "AwaitSubscribersRequest",
            "ServerCheckRequest",
            "HealthCheckRequest",
            "ConnectionSetupRequest",
            "ClientDetectionResponse",
            "NotifySubscriberResponse",
            "NamingFuzzyWatchChangeNotifyResponse",
            "ErrorResponse",
            "ServerReloadRequest",
            "ConfigQueryRequest");

    private static final List<String> PROPERTIES = List.of(
            "namespace",
            "serviceName",
            "groupName",
            "type",
            "instance",
            "instances",
            "subscribe",
            "clusters",
            "cluster",
            "healthyOnly",
            "timeoutMillis",
            "udpPort",
            "pageNo",
            "pageSize",
            "selector",
            "groupKeyPattern",
            "watchType",
            "initializing",
            "receivedGroupKeys",
            "requestId",
            "resultCode",
            "labels",
            "abilityTable",
            "clientVersion",
            "headers",
            "ip",
            "port",
            "weight",
            "metadata",
            "clusterName",
            "healthy",
            "enabled",
            "ephemeral");

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "1",
            "-1",
            "10",
            "70000",
            "1e309",
            "-0.0",
            "99999999999999999999999999",
            "\"\"",
            "\"a\"",
            "\"10.0.0.1\"",
            "\"registerInstance\"",
            "\"deregisterInstance\"",
            "\"batchRegisterInstance\"",
            "\"WATCH\"",
            "\"CANCEL_WATCH\"",
            "\"public\"",
            "\"public>>*>>*\"",
            "\">>>>>>\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"名前\"",
            "[]",
            "{}",
            "[null]",
            "[{}]",
            "[[[[[[[[]]]]]]]]",
            "{\"a\":{\"b\":[1]}}",
            "{\"ip\":\"10.0.0.1\",\"port\":1}",
            "[{\"ip\":\"10.0.0.1\",\"port\":1},{\"ip\":\"10.0.0.2\",\"port\":2}]",
            "{\"preserved.heart.beat.interval\":\"x\"}",
            "{\"preserved.instance.id.generator\":\"bogus\"}",
            "NaN",
            "'a'");

    private final Random random;

    GrpcMutations(Random random) {
        this.random = random;
    }

    /** Returns the bytes of the next message. */
    byte[] next() {
        String type = random.nextInt(20) == 0 ? noise(random.nextInt(40)) : pick(TYPES);
        byte[] payload = Envelope.of(type, headers(), "192.0.2.2", body()).encoded();
        return switch (random.nextInt(10)) {
            case 0 -> Arrays.copyOf(payload, random.nextInt(payload.length));
            case 1 -> flipped(payload);
            case 2 ->
                random.nextInt(4) == 0 ? noise(random.nextInt(200)).getBytes(StandardCharsets.ISO_8859_1) : payload;
            default -> payload;
        };
    }

    private Map<String, String> headers() {
        return random.nextInt(10) == 0 ? Map.of(noise(5), noise(random.nextInt(2_000))) : Map.of("app", "unknown");
    }

    private String body() {
        StringBuilder json = new StringBuilder("{");
        for (int i = random.nextInt(9); i >= 0; i--) {
            json.append('"')
                    .append(pick(PROPERTIES))
                    .append("\":")
                    .append(value())
                    .append(i == 0 ? "" : ",");
        }
        json.append('}');
        return switch (random.nextInt(12)) {
            case 0 -> json.substring(0, random.nextInt(json.length()));
            case 1 -> noise(random.nextInt(100));
            case 2 -> "[".repeat(random.nextInt(5_000));
            case 3 -> json + json.toString();
            default -> json.toString();
        };
    }

    private String value() {
        return switch (random.nextInt(12)) {
            case 0 -> "\"" + "x".repeat(random.nextInt(3_000)) + "\"";
            case 1 -> "{\"" + pick(PROPERTIES) + "\":" + pick(VALUES) + "}";
            default -> pick(VALUES);
        };
    }

    private byte[] flipped(byte[] payload) {
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            payload[random.nextInt(payload.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return payload;
    }

    private String noise(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) random.nextInt(256));
        }
        return text.toString();
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}
