package io.registry.proto.codec;

import io.registry.proto.payload.AwaitSubscribersRequest;
import io.registry.proto.payload.BatchInstanceRequest;
import io.registry.proto.payload.ConnectionSetupRequest;
import io.registry.proto.payload.HealthCheckRequest;
import io.registry.proto.payload.InstanceRequest;
import io.registry.proto.payload.NamingFuzzyWatchRequest;
import io.registry.proto.payload.PersistentInstanceRequest;
import io.registry.proto.payload.RequestPayload;
import io.registry.proto.payload.ServerCheckRequest;
import io.registry.proto.payload.ServiceListRequest;
import io.registry.proto.payload.ServiceQueryRequest;
import io.registry.proto.payload.SubscribeServiceRequest;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The table of the types that a client may send, by the name that its envelope carries. Names are case sensitive. */
public final class PayloadTypes {

    /** Where a type belongs. */
    public enum Kind {
        /** A request of a client's unary call. */
        UNARY,
        /** The request that begins a stream. */
        SETUP,
        /** A client's word on a push, sent on the stream. */
        ACK,
        /** A message between servers, which no client may send. */
        CLUSTER,
        /** No type of this protocol, or of a part of it that is not ours. */
        UNKNOWN
    }

    /** Reads the body of one type. */
    interface BodyReader {
        RequestPayload read(BodyParser body) throws MalformedBodyException;
    }

    private static final Map<String, BodyReader> REQUESTS = Map.ofEntries(
            Map.entry(ServerCheckRequest.TYPE, body -> new ServerCheckRequest()),
            Map.entry(HealthCheckRequest.TYPE, ConnectionBodies::healthCheck),
            Map.entry(ConnectionSetupRequest.TYPE, ConnectionBodies::setup),
            Map.entry(InstanceRequest.TYPE, body -> NamingBodies.read(body).toInstance()),
            Map.entry(BatchInstanceRequest.TYPE, body -> NamingBodies.read(body).toBatch()),
            Map.entry(
                    PersistentInstanceRequest.TYPE,
                    body -> NamingBodies.read(body).toPersistent()),
            Map.entry(ServiceQueryRequest.TYPE, body -> NamingBodies.read(body).toQuery()),
            Map.entry(
                    SubscribeServiceRequest.TYPE,
                    body -> NamingBodies.read(body).toSubscribe()),
            Map.entry(ServiceListRequest.TYPE, body -> NamingBodies.read(body).toList()),
            Map.entry(
                    AwaitSubscribersRequest.TYPE,
                    body -> NamingBodies.read(body).toAwait()),
            Map.entry(NamingFuzzyWatchRequest.TYPE, FuzzyWatchBody::read));

    private static final Set<String> ACKS = Set.of(
            "NotifySubscriberResponse",
            "NamingFuzzyWatchChangeNotifyResponse",
            "NamingFuzzyWatchSyncResponse",
            "ClientDetectionResponse",
            "ConnectResetResponse",
            "SetupAckResponse",
            "ErrorResponse");

    private static final Set<String> CLUSTER_ONLY = Set.of(
            "ServerLoaderInfoRequest",
            "ServerReloadRequest",
            "DistroDataRequest",
            "MemberReportRequest",
            "ConfigChangeClusterSyncRequest");

    private PayloadTypes() {}

    /** Returns where a type belongs. */
    public static Kind kindOf(String type) {
        if (type.equals(ConnectionSetupRequest.TYPE)) {
            return Kind.SETUP;
        }
        if (REQUESTS.containsKey(type)) {
            return Kind.UNARY;
        }
        if (ACKS.contains(type)) {
            return Kind.ACK;
        }
        return CLUSTER_ONLY.contains(type) ? Kind.CLUSTER : Kind.UNKNOWN;
    }

    /** Returns whether a type is for servers among themselves. */
    public static boolean isClusterOnly(String type) {
        return CLUSTER_ONLY.contains(type);
    }

    static @Nullable BodyReader readerOf(String type) {
        return REQUESTS.get(type);
    }
}
