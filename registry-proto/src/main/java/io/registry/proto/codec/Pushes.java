package io.registry.proto.codec;

import io.registry.proto.envelope.OutboundEnvelope;
import io.registry.proto.json.Utf8Json;
import io.registry.proto.payload.ServerPush;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * What a server says on a stream, ready to send. A client acknowledges each with the request id it carries, except a
 * set-up ack, which carries none.
 *
 * @param serverIp the server's own address, which the envelope of a push carries and no client reads; may be empty
 * @param node the id of the node, by which clients of this project tell whose revisions they are told
 * @param incarnation which of its lives the node is in
 */
public record Pushes(String serverIp, String node, long incarnation) {

    private static final String INTERNAL = "internal";
    private static final String NAMING = "naming";
    private static final byte[] SERVICE = ",\"serviceInfo\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NAMING_TAIL = ",\"module\":\"naming\"}".getBytes(StandardCharsets.US_ASCII);

    /** What a message of a fuzzy watch is about. */
    public enum SyncType {
        /** Services that match at the beginning of a watch. */
        FUZZY_WATCH_INIT_NOTIFY,
        /** The end of the first list. */
        FINISH_FUZZY_WATCH_INIT_NOTIFY,
        /** Services that a client misses when it repeats its watch. */
        FUZZY_WATCH_DIFF_SYNC_NOTIFY
    }

    /** What became of a service that matches a pattern. */
    public enum ServiceChange {
        /** It is there. */
        ADD_SERVICE,
        /** It is gone. */
        DELETE_SERVICE
    }

    /** Tells a client that negotiates what this server can do, in the map's order. Ends its set-up. */
    public OutboundEnvelope setupAck(Map<String, Boolean> abilities) {
        Utf8Json json = Bodies.request(160).name("abilityTable").beginObject();
        abilities.forEach(json::field);
        json.endObject();
        return push("SetupAckRequest", Bodies.endRequest(json, INTERNAL));
    }

    /** Asks a silent client whether it is there. */
    public OutboundEnvelope clientDetection(String requestId) {
        Utf8Json json = Bodies.request(96).field("requestId", requestId);
        return push("ClientDetectionRequest", Bodies.endRequest(json, INTERNAL));
    }

    /** Tells a client to move to another server of its list. */
    public OutboundEnvelope connectReset(String requestId) {
        Utf8Json json = Bodies.request(96).field("requestId", requestId);
        return push("ConnectResetRequest", Bodies.endRequest(json, INTERNAL));
    }

    /**
     * Tells a client to move to a certain server.
     *
     * @param serverPort the main port of that server
     * @param connectionId the connection to be left
     */
    public OutboundEnvelope connectReset(String requestId, String toIp, int serverPort, String connectionId) {
        Utf8Json json = Bodies.request(192)
                .field("requestId", requestId)
                .field("serverIp", toIp)
                .field("serverPort", Integer.toString(serverPort))
                .field("connectionId", connectionId);
        return push("ConnectResetRequest", Bodies.endRequest(json, INTERNAL));
    }

    /** Shows a subscriber the whole of a service. The three last arguments are its parts, which are not copied. */
    public OutboundEnvelope notifySubscriber(String requestId, byte[] head, byte[] hosts, byte[] tail) {
        byte[] before = Bodies.request(64)
                .field("requestId", requestId)
                .name("serviceInfo")
                .toBytes();
        return push("NotifySubscriberRequest", before, head, hosts, tail, NAMING_TAIL);
    }

    /**
     * Shows a subscriber that understands changes the whole of a service, and which list that is.
     *
     * @param emptyOnPurpose whether nobody is there because all said goodbye
     */
    public OutboundEnvelope notifySubscriber(
            String requestId, long revision, boolean emptyOnPurpose, byte[] head, byte[] hosts, byte[] tail) {
        Utf8Json before = view(Bodies.request(192).field("requestId", requestId), revision);
        if (emptyOnPurpose) {
            before.field("emptyOnPurpose", true);
        }
        byte[] start = before.endObject().name("serviceInfo").toBytes();
        return push("NotifySubscriberRequest", start, head, hosts, tail, NAMING_TAIL);
    }

    /**
     * Tells a subscriber what has changed in a service since the push before.
     *
     * @param base the revision that the subscriber was told then
     * @param revision the one that results
     * @param edits the places, see {@link io.registry.proto.json.ServiceInfoJson#edits}; not copied
     * @param hosts the instances that are new or changed; not copied, as the parts around them
     */
    public OutboundEnvelope notifyChange(
            String requestId, long base, long revision, byte[] edits, byte[] head, byte[] hosts, byte[] tail) {
        byte[] start = view(Bodies.request(224).field("requestId", requestId), base)
                .endObject()
                .field("revision", revision)
                .toBytes();
        return push(ServerPush.NotifyChange.TYPE, start, edits, SERVICE, head, hosts, tail, NAMING_TAIL);
    }

    private Utf8Json view(Utf8Json json, long revision) {
        return json.name("view")
                .beginObject()
                .field("node", node)
                .field("incarnation", incarnation)
                .field("revision", revision);
    }

    /**
     * Tells a watcher which services match.
     *
     * @param serviceKeys the services of this batch, as {@code namespace@@group@@name}
     * @param totalBatch how many batches there are
     * @param currentBatch which of them this is, counted from 1
     */
    public OutboundEnvelope fuzzyWatchSync(
            String requestId,
            SyncType syncType,
            String groupKeyPattern,
            List<String> serviceKeys,
            int totalBatch,
            int currentBatch) {
        Utf8Json json = Bodies.request(192 + serviceKeys.size() * 96)
                .field("requestId", requestId)
                .field("syncType", syncType.name())
                .field("groupKeyPattern", groupKeyPattern)
                .name("contexts")
                .beginArray();
        for (String serviceKey : serviceKeys) {
            json.beginObject()
                    .field("serviceKey", serviceKey)
                    // Clients pass over a removal in a list; see fuzzyWatchChange.
                    .field("changedType", ServiceChange.ADD_SERVICE.name())
                    .endObject();
        }
        json.endArray().field("totalBatch", totalBatch).field("currentBatch", currentBatch);
        return push("NamingFuzzyWatchSyncRequest", Bodies.endRequest(json, NAMING));
    }

    /** Tells a watcher what became of one service, named as {@code namespace@@group@@name}. */
    public OutboundEnvelope fuzzyWatchChange(String requestId, String serviceKey, ServiceChange change) {
        Utf8Json json = Bodies.request(224)
                .field("requestId", requestId)
                .field("syncType", "FUZZY_WATCH_RESOURCE_CHANGED")
                .field("serviceKey", serviceKey)
                .field("changedType", change.name());
        return push("NamingFuzzyWatchChangeNotifyRequest", Bodies.endRequest(json, NAMING));
    }

    private OutboundEnvelope push(String type, byte[]... body) {
        return OutboundEnvelope.request(type, Map.of(), serverIp, body);
    }
}
