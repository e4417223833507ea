package io.registry.proto.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.proto.envelope.OutboundEnvelope;
import io.registry.proto.json.InstanceJson;
import io.registry.proto.json.ServiceInfoJson;
import io.registry.proto.payload.Ack;
import io.registry.proto.payload.BatchInstanceRequest;
import io.registry.proto.payload.ConnectionSetupRequest;
import io.registry.proto.payload.HealthCheckRequest;
import io.registry.proto.payload.InstanceRequest;
import io.registry.proto.payload.NamingFuzzyWatchRequest;
import io.registry.proto.payload.PayloadError;
import io.registry.proto.payload.PersistentInstanceRequest;
import io.registry.proto.payload.RequestPayload;
import io.registry.proto.payload.ServerCheckRequest;
import io.registry.proto.payload.ServiceListRequest;
import io.registry.proto.payload.ServiceQueryRequest;
import io.registry.proto.payload.SubscribeServiceRequest;
import io.registry.proto.payload.WireInstance;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Every recorded message of the catalogue: what clients sent is read, what servers sent is written. */
class RecordedWireTest {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Pushes PUSHES = new Pushes("192.0.2.1", "node", 1);
    private static final ServiceKey SVC_A = new ServiceKey("public", "G1", "svcA");

    private static final List<OutboundEnvelope> WRITTEN = List.of(
            Answers.serverCheck("1795362615709_127.0.0.1_53988", true),
            PUSHES.setupAck(Map.of("supportPersistentInstanceByGrpc", true)),
            Answers.noHandler(),
            Answers.unregistered(),
            Answers.failure(PayloadError.INVALID_PARAMETER, "Unsupported request type bogus"),
            Answers.refusal(
                    "InstanceResponse",
                    PayloadError.INVALID_PARAMETER,
                    "Param check invalid:Param 'port' is illegal, the value should be between 0 and 65535."),
            Answers.refusal("InstanceResponse", PayloadError.NO_RIGHT, "token expired!"),
            Answers.healthCheck(),
            PUSHES.clientDetection("13"),
            PUSHES.connectReset("14", "127.0.0.1", 51_848, "1795363931441_127.0.0.1_40888"),
            PUSHES.connectReset("15"),
            Answers.instance("registerInstance"),
            Answers.instance("deregisterInstance"),
            Answers.batchInstance("batchRegisterInstance"),
            Answers.queryService(
                    ServiceInfoJson.head("svcA", "G1", "c1,c2", 10_000),
                    host(2.5, Map.of("k1", "v1")),
                    ServiceInfoJson.tail(1795362618061L, false)),
            Answers.subscribeService(
                    ServiceInfoJson.head("svcA", "G1", "", 10_000),
                    new byte[0],
                    ServiceInfoJson.tail(1795362621217L, false)),
            Answers.serviceList(1, List.of("svcA")),
            Answers.fuzzyWatch(),
            PUSHES.notifySubscriber(
                    "2",
                    ServiceInfoJson.head("svcA", "G1", "", 10_000),
                    host(3.0, Map.of()),
                    ServiceInfoJson.tail(1795362618692L, false)),
            PUSHES.fuzzyWatchSync(
                    "2",
                    Pushes.SyncType.FUZZY_WATCH_INIT_NOTIFY,
                    "public>>G*>>*",
                    List.of("public@@G1@@svcP", "public@@G1@@svcA"),
                    1,
                    1),
            PUSHES.fuzzyWatchSync(
                    "3", Pushes.SyncType.FINISH_FUZZY_WATCH_INIT_NOTIFY, "public>>G*>>*", List.of(), 1, 1),
            PUSHES.fuzzyWatchChange("4", "public@@G2@@svcNew", Pushes.ServiceChange.ADD_SERVICE));

    private static final List<RequestPayload> REQUESTS = List.of(
            new ServerCheckRequest(),
            new ConnectionSetupRequest(
                    "Nacos-Java-Client:v2.5.1",
                    "",
                    Map.of("source", "sdk", "module", "naming", "AppName", "unknown", "tls.enable", "false"),
                    Map.of()),
            new HealthCheckRequest(),
            new InstanceRequest(
                    "public",
                    "svcA",
                    "G1",
                    InstanceRequest.REGISTER,
                    wire("10.0.0.1", 8080, 2.5, true, "c1", Map.of("k1", "v1"))),
            new InstanceRequest(
                    "public",
                    "svcA",
                    "G1",
                    InstanceRequest.DEREGISTER,
                    wire("10.0.0.1", 8080, 1.0, true, "c1", Map.of())),
            new BatchInstanceRequest(
                    "public",
                    "svcB",
                    "G1",
                    BatchInstanceRequest.BATCH_REGISTER,
                    List.of(
                            wire("10.0.1.1", 1, 1.0, true, null, Map.of()),
                            wire("10.0.1.2", 2, 1.0, true, null, Map.of()))),
            new PersistentInstanceRequest(
                    "public",
                    "svcP",
                    "G1",
                    InstanceRequest.REGISTER,
                    wire("10.0.2.1", 9000, 1.0, false, null, Map.of())),
            new ServiceQueryRequest("public", "svcA", "G1", "c1,c2", false),
            new SubscribeServiceRequest("public", "svcA", "G1", true, ""),
            new ServiceListRequest("public", "", "G1", 1, 10),
            new NamingFuzzyWatchRequest("public", "public>>G*>>*", Set.of(), NamingFuzzyWatchRequest.WATCH, true));

    private static final List<Ack> ACKS = List.of(
            new Ack("ClientDetectionResponse", 200, 0, null, "13"),
            new Ack("ConnectResetResponse", 200, 0, null, "14"),
            new Ack("ErrorResponse", 500, -500, "Handle server request error", "1014"),
            new Ack("NotifySubscriberResponse", 200, 0, null, "2"),
            new Ack("NamingFuzzyWatchChangeNotifyResponse", 200, 0, null, "4"));

    @Test
    void whatServersSentIsWrittenByteForByte() {
        Stream<Recorded> recorded = Recorded.all().stream()
                .filter(message -> !isRequest(message) && !isAck(message))
                // Ours spells the flag both ways, for clients of the 2.x and of the 3.x line.
                .map(message -> new Recorded(
                        message.type(),
                        message.body().replace("\"allIPs\":false", "\"allIPs\":false,\"allIps\":false")));

        Stream<Recorded> written = WRITTEN.stream()
                .map(envelope ->
                        new Recorded(envelope.type(), new String(envelope.joinedBody(), StandardCharsets.UTF_8)));

        assertThat(written).containsExactlyInAnyOrderElementsOf(recorded.toList());
    }

    @Test
    void whatClientsAskedIsRead() throws MalformedBodyException {
        List<RequestPayload> read = new ArrayList<>();
        for (Recorded message : Recorded.all()) {
            if (isRequest(message)) {
                read.add(PayloadDecoder.decode(message.envelope()));
            }
        }

        assertThat(read).containsExactlyElementsOf(REQUESTS);
    }

    @Test
    void whatClientsAskedIsWrittenButForPropertiesThatServersIgnore() {
        List<JsonNode> recorded = Recorded.all().stream()
                .filter(RecordedWireTest::isRequest)
                .map(message -> withoutComputed(message.body()))
                .toList();

        List<JsonNode> written = REQUESTS.stream()
                .map(request -> Requests.encode(request, Map.of(), ""))
                .map(envelope -> MAPPER.readTree(envelope.joinedBody()))
                .toList();

        assertThat(written).containsExactlyElementsOf(recorded);
    }

    @Test
    void acknowledgementsAreReadAndWritten() throws MalformedBodyException {
        List<Recorded> recorded =
                Recorded.all().stream().filter(RecordedWireTest::isAck).toList();

        List<Ack> read = new ArrayList<>();
        for (Recorded message : recorded) {
            read.add(PayloadDecoder.decodeAck(message.envelope()));
        }
        assertThat(read).containsExactlyElementsOf(ACKS);

        List<Recorded> written = ACKS.stream()
                .map(ack ->
                        new Recorded(ack.type(), new String(Requests.ack(ack).joinedBody(), StandardCharsets.UTF_8)))
                .toList();
        assertThat(written).containsExactlyElementsOf(recorded);
    }

    @Test
    void aRefusedListStillHasItsCount() {
        OutboundEnvelope refusal = Answers.refusal("ServiceListResponse", PayloadError.NO_RIGHT, "token invalid!");

        assertThat(new String(refusal.joinedBody(), StandardCharsets.UTF_8))
                .isEqualTo("{\"resultCode\":500,\"errorCode\":403,\"message\":\"token invalid!\",\"count\":0,"
                        + "\"success\":false}");
    }

    @Test
    void aTypeForServersIsRefusedAsRecorded() {
        OutboundEnvelope refusal = Answers.clusterOnly("ServerLoaderInfoRequest");

        assertThat(refusal.type()).isEqualTo("ErrorResponse");
        assertThat(new String(refusal.joinedBody(), StandardCharsets.UTF_8))
                .isEqualTo("{\"resultCode\":500,\"errorCode\":502,"
                        + "\"message\":\" invoke ServerLoaderInfoRequest from sdk is forbidden\",\"success\":false}");
    }

    @Test
    void answerTypesAreThoseThatClientsExpect() {
        assertThat(REQUESTS)
                .extracting(RequestPayload::answerType)
                .containsExactly(
                        "ServerCheckResponse",
                        "SetupAckResponse",
                        "HealthCheckResponse",
                        "InstanceResponse",
                        "InstanceResponse",
                        "BatchInstanceResponse",
                        "InstanceResponse",
                        "QueryServiceResponse",
                        "SubscribeServiceResponse",
                        "ServiceListResponse",
                        "NamingFuzzyWatchResponse");
    }

    private static boolean isRequest(Recorded message) {
        return switch (PayloadTypes.kindOf(message.type())) {
            case UNARY, SETUP -> true;
            case ACK, CLUSTER, UNKNOWN -> false;
        };
    }

    private static boolean isAck(Recorded message) {
        return PayloadTypes.kindOf(message.type()) == PayloadTypes.Kind.ACK
                && message.body().contains("\"requestId\"");
    }

    private static JsonNode withoutComputed(String body) {
        JsonNode tree = MAPPER.readTree(body);
        for (JsonNode parent : tree.findParents("instanceHeartBeatInterval")) {
            ((ObjectNode) parent)
                    .remove(List.of(
                            "instanceHeartBeatInterval",
                            "instanceHeartBeatTimeOut",
                            "ipDeleteTimeout",
                            "instanceIdGenerator"));
        }
        return tree;
    }

    private static byte[] host(double weight, Map<String, String> metadata) {
        Instance instance =
                new Instance("10.0.0.1#8080#c1#G1@@svcA", "10.0.0.1", 8080, weight, true, true, true, "c1", metadata);
        return InstanceJson.encode(instance, SVC_A);
    }

    private static WireInstance wire(
            String ip,
            int port,
            double weight,
            boolean ephemeral,
            @Nullable String cluster,
            Map<String, String> metadata) {
        return new WireInstance(null, ip, port, weight, true, true, ephemeral, cluster, null, metadata);
    }
}
