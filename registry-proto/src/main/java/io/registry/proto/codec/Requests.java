package io.registry.proto.codec;

import io.registry.proto.envelope.OutboundEnvelope;
import io.registry.proto.json.Utf8Json;
import io.registry.proto.payload.Ack;
import io.registry.proto.payload.AwaitSubscribersRequest;
import io.registry.proto.payload.BatchInstanceRequest;
import io.registry.proto.payload.ConnectionSetupRequest;
import io.registry.proto.payload.HealthCheckRequest;
import io.registry.proto.payload.InstanceRequest;
import io.registry.proto.payload.NamingFuzzyWatchRequest;
import io.registry.proto.payload.NamingRequest;
import io.registry.proto.payload.PersistentInstanceRequest;
import io.registry.proto.payload.RequestPayload;
import io.registry.proto.payload.ServerCheckRequest;
import io.registry.proto.payload.ServiceListRequest;
import io.registry.proto.payload.ServiceQueryRequest;
import io.registry.proto.payload.SubscribeServiceRequest;
import io.registry.proto.payload.WireInstance;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a client sends, ready to send: its requests, and its acknowledgements of pushes. */
public final class Requests {

    private static final RequestPayload.Handler<byte[]> BODY = new BodyWriter();

    private Requests() {}

    /**
     * Writes a request.
     *
     * @param headers what goes beside the body, a token for instance; written in the map's order
     * @param clientIp the client's own address; may be empty
     */
    public static OutboundEnvelope encode(RequestPayload request, Map<String, String> headers, String clientIp) {
        return OutboundEnvelope.request(request.type(), headers, clientIp, request.accept(BODY));
    }

    /** Writes an acknowledgement or plain answer. */
    public static OutboundEnvelope ack(Ack ack) {
        Utf8Json json = Bodies.answer(128, ack.resultCode(), ack.errorCode(), ack.message(), ack.requestId());
        return OutboundEnvelope.answer(ack.type(), Bodies.endAnswer(json, ack.succeeded()));
    }

    private static final class BodyWriter implements RequestPayload.Handler<byte[]> {

        private static final String INTERNAL = "internal";
        private static final String NAMING = "naming";

        @Override
        public byte[] serverCheck(ServerCheckRequest request) {
            return Bodies.endRequest(Bodies.request(64), INTERNAL);
        }

        @Override
        public byte[] healthCheck(HealthCheckRequest request) {
            return Bodies.endRequest(Bodies.request(64), INTERNAL);
        }

        @Override
        public byte[] connectionSetup(ConnectionSetupRequest request) {
            Utf8Json json = Bodies.request(256).field("clientVersion", request.clientVersion());
            if (!request.tenant().isEmpty()) {
                json.field("tenant", request.tenant());
            }
            json.field("labels", request.labels());
            Map<String, Boolean> abilities = request.abilityTable();
            if (abilities != null) {
                json.name("abilityTable").beginObject();
                abilities.forEach(json::field);
                json.endObject();
            }
            return Bodies.endRequest(json, INTERNAL);
        }

        @Override
        public byte[] instance(InstanceRequest request) {
            return single(request, request.operation(), request.instance());
        }

        @Override
        public byte[] persistentInstance(PersistentInstanceRequest request) {
            return single(request, request.operation(), request.instance());
        }

        @Override
        public byte[] batchInstance(BatchInstanceRequest request) {
            Utf8Json json = naming(request)
                    .field("type", request.operation())
                    .name("instances")
                    .beginArray();
            for (WireInstance instance : request.instances()) {
                write(json, instance);
            }
            return Bodies.endRequest(json.endArray(), NAMING);
        }

        @Override
        public byte[] serviceQuery(ServiceQueryRequest request) {
            Utf8Json json = naming(request)
                    .field("cluster", request.cluster())
                    .field("healthyOnly", request.healthyOnly())
                    .field("udpPort", 0);
            return Bodies.endRequest(json, NAMING);
        }

        @Override
        public byte[] subscribeService(SubscribeServiceRequest request) {
            Utf8Json json =
                    naming(request).field("subscribe", request.subscribe()).field("clusters", request.clusters());
            return Bodies.endRequest(json, NAMING);
        }

        @Override
        public byte[] serviceList(ServiceListRequest request) {
            Utf8Json json = naming(request).field("pageNo", request.pageNo()).field("pageSize", request.pageSize());
            return Bodies.endRequest(json, NAMING);
        }

        @Override
        public byte[] awaitSubscribers(AwaitSubscribersRequest request) {
            return Bodies.endRequest(naming(request).field("timeoutMillis", request.timeoutMillis()), NAMING);
        }

        @Override
        public byte[] fuzzyWatch(NamingFuzzyWatchRequest request) {
            Utf8Json json = Bodies.request(256)
                    .field("namespace", request.namespace())
                    .field("groupKeyPattern", request.groupKeyPattern())
                    .field("receivedGroupKeys", request.receivedGroupKeys())
                    .field("watchType", request.watchType());
            // The protocol's clients write this one after the module.
            return json.field("module", NAMING)
                    .field("initializing", request.initializing())
                    .endObject()
                    .toBytes();
        }

        private static byte[] single(NamingRequest request, String operation, @Nullable WireInstance instance) {
            Utf8Json json = naming(request).field("type", operation);
            if (instance != null) {
                write(json.name("instance"), instance);
            }
            return Bodies.endRequest(json, NAMING);
        }

        private static Utf8Json naming(NamingRequest request) {
            return Bodies.request(384)
                    .field("namespace", request.namespace())
                    .field("serviceName", request.serviceName())
                    .field("groupName", request.groupName());
        }

        private static void write(Utf8Json json, WireInstance instance) {
            json.beginObject()
                    .fieldIfPresent("instanceId", instance.instanceId())
                    .field("ip", instance.ip())
                    .field("port", instance.port())
                    .field("weight", instance.weight())
                    .field("healthy", instance.healthy())
                    .field("enabled", instance.enabled())
                    .field("ephemeral", instance.ephemeral())
                    .fieldIfPresent("clusterName", instance.clusterName())
                    .fieldIfPresent("serviceName", instance.serviceName())
                    .field("metadata", instance.metadata())
                    .endObject();
        }
    }
}
