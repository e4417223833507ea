package io.registry.server.grpc;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the gRPC side has done since the start, counted. Whoever shows figures reads them from here.
 *
 * <p><b>Threading</b>: written and read from any thread; a reading is exact once nothing is being counted.
 */
public final class GrpcCounters {

    final LongAdder instanceRequests = new LongAdder();
    final LongAdder batchRequests = new LongAdder();
    final LongAdder persistentRequests = new LongAdder();
    final LongAdder queryRequests = new LongAdder();
    final LongAdder subscribeRequests = new LongAdder();
    final LongAdder listRequests = new LongAdder();
    final LongAdder awaitRequests = new LongAdder();
    final LongAdder fuzzyWatchRequests = new LongAdder();
    final LongAdder healthChecks = new LongAdder();
    final LongAdder serverChecks = new LongAdder();
    final LongAdder unknownTypes = new LongAdder();
    final LongAdder malformed = new LongAdder();
    final LongAdder unregistered = new LongAdder();
    final LongAdder forbidden = new LongAdder();
    final LongAdder refusals = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder pushes = new LongAdder();
    final LongAdder acks = new LongAdder();
    final LongAdder failedAcks = new LongAdder();
    final LongAdder setups = new LongAdder();
    final LongAdder probes = new LongAdder();
    final LongAdder evictions = new LongAdder();
    final LongAdder resets = new LongAdder();
    final LongAdder refusedConnections = new LongAdder();
    final LongAdder refusedSockets = new LongAdder();
    final LongAdder setupTimeouts = new LongAdder();
    final LongAdder unfinished = new LongAdder();

    /** Returns the unary requests by the type that clients write. */
    public Map<String, LongAdder> requests() {
        Map<String, LongAdder> byType = new LinkedHashMap<>();
        byType.put("InstanceRequest", instanceRequests);
        byType.put("BatchInstanceRequest", batchRequests);
        byType.put("PersistentInstanceRequest", persistentRequests);
        byType.put("ServiceQueryRequest", queryRequests);
        byType.put("SubscribeServiceRequest", subscribeRequests);
        byType.put("ServiceListRequest", listRequests);
        byType.put("AwaitSubscribersRequest", awaitRequests);
        byType.put("NamingFuzzyWatchRequest", fuzzyWatchRequests);
        byType.put("HealthCheckRequest", healthChecks);
        byType.put("ServerCheckRequest", serverChecks);
        return byType;
    }

    /**
     * Returns the unary requests that were not served, by reason: {@code unknown-type}, {@code malformed}, {@code
     * unregistered}, {@code forbidden} to the caller, {@code refused} by a rule or limit, {@code failed} by a fault of this server.
     */
    public Map<String, LongAdder> rejections() {
        Map<String, LongAdder> byReason = new LinkedHashMap<>();
        byReason.put("unknown-type", unknownTypes);
        byReason.put("malformed", malformed);
        byReason.put("unregistered", unregistered);
        byReason.put("forbidden", forbidden);
        byReason.put("refused", refusals);
        byReason.put("failed", failures);
        return byReason;
    }

    /**
     * Returns what has happened to streams: pushes sent, acknowledgements that came back, connections ended, and calls and
     * connections ended for their unfinished messages.
     */
    public Map<String, LongAdder> streams() {
        Map<String, LongAdder> byEvent = new LinkedHashMap<>();
        byEvent.put("setup", setups);
        byEvent.put("push", pushes);
        byEvent.put("ack", acks);
        byEvent.put("failed-ack", failedAcks);
        byEvent.put("probe", probes);
        byEvent.put("eviction", evictions);
        byEvent.put("reset", resets);
        byEvent.put("refused-connection", refusedConnections);
        byEvent.put("refused-socket", refusedSockets);
        byEvent.put("setup-timeout", setupTimeouts);
        byEvent.put("unfinished", unfinished);
        return byEvent;
    }
}
