package io.registry.server.grpc.call;

import io.registry.api.model.ServiceKey;
import io.registry.proto.json.ServiceInfoJson;
import io.registry.server.core.service.ServiceAnswer;

/**
 * A service as the three parts that answers and pushes are put together from: what is said this time around the bytes
 * that all of them share.
 *
 * @param head everything before the instances
 * @param hosts the instances; shared, not to be written to
 * @param tail everything after the instances
 */
@SuppressWarnings("ArrayRecordComponent") // the bytes are shared by design, and never compared
public record ServiceParts(byte[] head, byte[] hosts, byte[] tail) {

    /** How long a polling consumer keeps an answer; old clients poll every six times as long. */
    private static final long CACHE_MILLIS = 10_000;

    /** Returns the parts of what is said about a service. */
    public static ServiceParts of(ServiceAnswer answer) {
        ServiceKey service = answer.service();
        return new ServiceParts(
                ServiceInfoJson.head(service.name(), service.group(), answer.clusters(), CACHE_MILLIS),
                answer.payload().hosts(),
                ServiceInfoJson.tail(answer.lastRefTime(), answer.payload().reachProtectionThreshold()));
    }
}
