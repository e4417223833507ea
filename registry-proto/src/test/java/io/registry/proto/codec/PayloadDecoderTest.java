package io.registry.proto.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.proto.payload.Ack;
import io.registry.proto.payload.AwaitSubscribersRequest;
import io.registry.proto.payload.BatchInstanceRequest;
import io.registry.proto.payload.ConnectionSetupRequest;
import io.registry.proto.payload.HealthCheckRequest;
import io.registry.proto.payload.InstanceRequest;
import io.registry.proto.payload.NamingFuzzyWatchRequest;
import io.registry.proto.payload.RequestPayload;
import io.registry.proto.payload.ServerCheckRequest;
import io.registry.proto.payload.ServiceListRequest;
import io.registry.proto.payload.ServiceQueryRequest;
import io.registry.proto.payload.WireInstance;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadDecoderTest {

    @Test
    void whatIsMissingHasItsDefault() throws MalformedBodyException {
        assertThat(decode("InstanceRequest", "{\"instance\":{}}"))
                .isEqualTo(new InstanceRequest(
                        "public",
                        "",
                        "DEFAULT_GROUP",
                        "",
                        new WireInstance(null, "", 0, 1.0, true, true, true, null, null, Map.of())));
        assertThat(decode("InstanceRequest", "{}"))
                .isEqualTo(new InstanceRequest("public", "", "DEFAULT_GROUP", "", null));
        assertThat(decode("BatchInstanceRequest", "{}"))
                .isEqualTo(new BatchInstanceRequest("public", "", "DEFAULT_GROUP", "", List.of()));
        assertThat(decode("ServiceQueryRequest", "{}"))
                .isEqualTo(new ServiceQueryRequest("public", "", "DEFAULT_GROUP", "", false));
        assertThat(decode("AwaitSubscribersRequest", "{}"))
                .isEqualTo(new AwaitSubscribersRequest("public", "", "DEFAULT_GROUP", 0));
        assertThat(decode("ServiceListRequest", "{}"))
                .isEqualTo(new ServiceListRequest("public", "", "DEFAULT_GROUP", 0, 0));
    }

    @Test
    void nullIsNothingForAnObjectAndZeroForAPrimitive() throws MalformedBodyException {
        String instance = "{\"instanceId\":null,\"ip\":null,\"port\":null,\"weight\":null,\"healthy\":null,"
                + "\"enabled\":null,\"ephemeral\":null,\"clusterName\":null,\"serviceName\":null,\"metadata\":null}";

        assertThat(decode("InstanceRequest", "{\"namespace\":null,\"groupName\":\"\",\"instance\":" + instance + "}"))
                .isEqualTo(new InstanceRequest(
                        "public",
                        "",
                        "DEFAULT_GROUP",
                        "",
                        new WireInstance(null, "", 0, 0, false, false, false, null, null, Map.of())));
        assertThat(decode("InstanceRequest", "{\"instance\":null}"))
                .isEqualTo(new InstanceRequest("public", "", "DEFAULT_GROUP", "", null));
        assertThat(decode("BatchInstanceRequest", "{\"instances\":null}"))
                .isEqualTo(new BatchInstanceRequest("public", "", "DEFAULT_GROUP", "", List.of()));
        assertThat(instanceOf("{\"metadata\":{\"k\":null}}").metadata()).isEqualTo(Map.of("k", ""));
    }

    @Test
    void emptyNamesOfAnInstanceAreAbsent() throws MalformedBodyException {
        WireInstance instance = instanceOf("{\"instanceId\":\"\",\"clusterName\":\"\",\"serviceName\":\"\"}");

        assertThat(instance.instanceId()).isNull();
        assertThat(instance.clusterName()).isNull();
        assertThat(instance.serviceName()).isNull();
    }

    @Test
    void whatAnApplicationSetIsKept() throws MalformedBodyException {
        WireInstance instance =
                instanceOf("{\"instanceId\":\"mine\",\"serviceName\":\"svc\",\"healthy\":false,\"enabled\":false,"
                        + "\"metadata\":{\"b\":\"\\u4e2d\",\"a\":\"2\"}}");

        assertThat(instance.instanceId()).isEqualTo("mine");
        assertThat(instance.serviceName()).isEqualTo("svc");
        assertThat(instance.healthy()).isFalse();
        assertThat(instance.enabled()).isFalse();
        assertThat(instance.metadata().entrySet()).containsExactly(Map.entry("b", "\u4e2d"), Map.entry("a", "2"));
    }

    @Test
    void unknownPropertiesAreIgnoredAtEveryLevel() throws MalformedBodyException {
        String more = "\"x\":[{\"ip\":\"no\",\"y\":[[1,null]]}],\"z\":{\"port\":9,\"instance\":{}},";
        String body = "{" + more + "\"instance\":{" + more + "\"ip\":\"1.1.1.1\"},\"type\":\"registerInstance\"}";

        assertThat(decode("InstanceRequest", body))
                .isEqualTo(new InstanceRequest(
                        "public",
                        "",
                        "DEFAULT_GROUP",
                        "registerInstance",
                        new WireInstance(null, "1.1.1.1", 0, 1.0, true, true, true, null, null, Map.of())));
        assertThat(decode("HealthCheckRequest", "{" + more + "\"module\":\"internal\"}"))
                .isEqualTo(new HealthCheckRequest());
    }

    @Test
    void scalarsAreTakenForOneAnotherAsTheProtocolsServersDo() throws MalformedBodyException {
        WireInstance instance = instanceOf("{\"port\":\"8080\",\"weight\":2,\"healthy\":\"false\",\"enabled\":1,"
                + "\"metadata\":{\"n\":1,\"d\":1.50,\"b\":true}}");

        assertThat(instance.port()).isEqualTo(8080);
        assertThat(instance.weight()).isEqualTo(2.0);
        assertThat(instance.healthy()).isFalse();
        assertThat(instance.enabled()).isTrue();
        assertThat(instance.metadata()).isEqualTo(Map.of("n", "1", "d", "1.50", "b", "true"));
    }

    @Test
    void valuesOutOfRangeAreForTheServerToJudge() throws MalformedBodyException {
        assertThat(instanceOf("{\"port\":70000}").port()).isEqualTo(70_000);
        assertThat(instanceOf("{\"port\":-1}").port()).isEqualTo(-1);
        assertThat(instanceOf("{\"weight\":1e999}").weight()).isInfinite();
        assertThat(instanceOf("{\"weight\":\"NaN\"}").weight()).isNaN();
    }

    @Test
    void anAbsentAbilityTableIsNotAnEmptyOne() throws MalformedBodyException {
        assertThat(decode("ConnectionSetupRequest", "{}"))
                .isEqualTo(new ConnectionSetupRequest("", "", Map.of(), null));
        assertThat(decode("ConnectionSetupRequest", "{\"abilityTable\":null,\"labels\":null}"))
                .isEqualTo(new ConnectionSetupRequest("", "", Map.of(), null));
        assertThat(decode("ConnectionSetupRequest", "{\"abilityTable\":{},\"labels\":{}}"))
                .isEqualTo(new ConnectionSetupRequest("", "", Map.of(), Map.of()));
        assertThat(decode("ConnectionSetupRequest", "{\"abilityTable\":{\"fuzzyWatch\":true,\"lock\":null}}"))
                .isEqualTo(new ConnectionSetupRequest("", "", Map.of(), Map.of("fuzzyWatch", true, "lock", false)));
    }

    @Test
    void keysOfAFuzzyWatchKeepTheirOrderWithoutRepetition() throws MalformedBodyException {
        NamingFuzzyWatchRequest request = (NamingFuzzyWatchRequest) decode(
                "NamingFuzzyWatchRequest", "{\"receivedGroupKeys\":[\"b\",\"a\",\"b\"],\"watchType\":\"WATCH\"}");

        assertThat(request.receivedGroupKeys()).containsExactly("b", "a");
        assertThat(request.initializing()).isFalse();
    }

    @Test
    void theBodyOfAServerCheckIsNotLookedAt() throws MalformedBodyException {
        assertThat(decode("ServerCheckRequest", "not json")).isEqualTo(new ServerCheckRequest());
        assertThat(decode("ServerCheckRequest", "")).isEqualTo(new ServerCheckRequest());
    }

    @Test
    void anAnswerWithoutResultCodeIsASuccess() throws MalformedBodyException {
        Ack ack = PayloadDecoder.decodeAck(
                Recorded.envelope("Whatever", "{\"success\":false,\"requestId\":7,\"serviceInfo\":{}}"));

        assertThat(ack).isEqualTo(new Ack("Whatever", 200, 0, null, "7"));
        assertThat(ack.succeeded()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "not json",
                "null",
                "[]",
                "7",
                "{",
                "{\"namespace\":",
                "{\"namespace\":\"a\"",
                "{\"namespace\":\"a\"}}",
                "{} {}",
                "{}x",
                "{\"namespace\":{}}",
                "{\"namespace\":[]}",
                "{\"instance\":[]}",
                "{\"instance\":\"x\"}",
                "{\"instances\":{}}",
                "{\"instances\":[null]}",
                "{\"instances\":[[]]}",
                "{\"instance\":{\"port\":\"eighty\"}}",
                "{\"instance\":{\"port\":99999999999}}",
                "{\"instance\":{\"port\":true}}",
                "{\"instance\":{\"weight\":\"heavy\"}}",
                "{\"instance\":{\"healthy\":\"maybe\"}}",
                "{\"instance\":{\"metadata\":[]}}",
                "{\"instance\":{\"metadata\":{\"a\":{}}}}",
                "{\"namespace\":\"\\ud8\"}",
                "{'namespace':'a'}",
                "{\"pageNo\":01}",
                "{\"pageNo\":NaN}",
            })
    void aBodyThatIsNotOneOfItsTypeIsMalformed(String body) {
        assertThatThrownBy(() -> decode("InstanceRequest", body)).isInstanceOf(MalformedBodyException.class);
    }

    @Test
    void bytesThatAreNotUtf8AreMalformed() {
        byte[] body = {'{', '"', 'a', '"', ':', '"', (byte) 0xff, '"', '}'};

        assertThatThrownBy(() -> PayloadDecoder.decode(Recorded.envelope("InstanceRequest", body)))
                .isInstanceOf(MalformedBodyException.class);
    }

    @Test
    void theBoundsAreKept() throws MalformedBodyException {
        decode("InstanceRequest", string(BodyParser.STRING_MAX));
        decode("InstanceRequest", nested(BodyParser.NESTING_MAX - 1));

        malformed(string(BodyParser.STRING_MAX + 1));
        malformed(nested(BodyParser.NESTING_MAX));
        malformed(nested(100_000));
        malformed("{\"" + "n".repeat(BodyParser.NAME_MAX + 1) + "\":1}");
        malformed("{\"pageNo\":" + "1".repeat(BodyParser.NUMBER_MAX + 1) + "}");
        malformed("{\"instance\":{\"weight\":\"" + "1".repeat(BodyParser.NUMBER_MAX + 1) + "\"}}");
    }

    @Test
    void elementsAreBoundedOverTheWholeBody() throws MalformedBodyException {
        int half = BodyParser.ELEMENTS_MAX / 2;
        String metadata = "{\"instances\":[" + "{},".repeat(half - 1) + "{\"metadata\":{"
                + IntStream.range(0, half).mapToObj(i -> "\"" + i + "\":0").collect(Collectors.joining(",")) + "}}";

        BatchInstanceRequest most = (BatchInstanceRequest) decode("BatchInstanceRequest", metadata + "]}");

        assertThat(most.instances()).hasSize(half);
        assertThatThrownBy(() -> decode("BatchInstanceRequest", metadata + ",{}]}"))
                .isInstanceOf(MalformedBodyException.class);
    }

    @Test
    void typesThatNoClientMaySendAreTold() {
        assertThat(PayloadTypes.kindOf("InstanceRequest")).isEqualTo(PayloadTypes.Kind.UNARY);
        assertThat(PayloadTypes.kindOf("instanceRequest")).isEqualTo(PayloadTypes.Kind.UNKNOWN);
        assertThat(PayloadTypes.kindOf("ConnectionSetupRequest")).isEqualTo(PayloadTypes.Kind.SETUP);
        assertThat(PayloadTypes.kindOf("NotifySubscriberResponse")).isEqualTo(PayloadTypes.Kind.ACK);
        assertThat(PayloadTypes.kindOf("DistroDataRequest")).isEqualTo(PayloadTypes.Kind.CLUSTER);
        assertThat(PayloadTypes.kindOf("ConfigQueryRequest")).isEqualTo(PayloadTypes.Kind.UNKNOWN);
        assertThat(PayloadTypes.isClusterOnly("ServerLoaderInfoRequest")).isTrue();
        assertThat(PayloadTypes.isClusterOnly("InstanceRequest")).isFalse();
        assertThatThrownBy(() -> decode("ConfigQueryRequest", "{}")).isInstanceOf(UnknownTypeException.class);
        assertThatThrownBy(() -> decode("NotifySubscriberResponse", "{}")).isInstanceOf(UnknownTypeException.class);
    }

    private static void malformed(String body) {
        assertThatThrownBy(() -> decode("InstanceRequest", body)).isInstanceOf(MalformedBodyException.class);
    }

    private static String string(int length) {
        return "{\"serviceName\":\"" + "s".repeat(length) + "\"}";
    }

    private static String nested(int arrays) {
        return "{\"x\":" + "[".repeat(arrays) + "]".repeat(arrays) + "}";
    }

    private static WireInstance instanceOf(String instance) throws MalformedBodyException {
        InstanceRequest request = (InstanceRequest) decode("InstanceRequest", "{\"instance\":" + instance + "}");
        WireInstance read = request.instance();
        if (read == null) {
            throw new AssertionError("no instance: " + request);
        }
        return read;
    }

    private static RequestPayload decode(String type, String body) throws MalformedBodyException {
        return PayloadDecoder.decode(Recorded.envelope(type, body));
    }
}
