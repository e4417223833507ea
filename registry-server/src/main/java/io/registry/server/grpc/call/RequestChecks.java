package io.registry.server.grpc.call;

import io.registry.api.check.Names;
import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.proto.payload.NamingRequest;
import io.registry.proto.payload.WireInstance;
import org.jspecify.annotations.Nullable;

/** The checks that every naming request passes at the door, and what is assumed where a request leaves out. */
final class RequestChecks {

    /** The longest list of clusters in one filter, in UTF-16 units: some dozens of the longest names. */
    private static final int CLUSTERS_MAX = 4_096;

    /** The longest id that an application may choose: an address, a cluster and the longest service fit. */
    private static final int INSTANCE_ID_MAX = 1_024;

    private RequestChecks() {}

    /** Returns the service that a request is about, or refuses its names. */
    static ServiceKey service(NamingRequest request) {
        check(Names.formatNamespace(request.namespace()));
        check(Names.formatService(request.serviceName()));
        check(Names.formatGroup(request.groupName()));
        if (request.serviceName().isBlank()) {
            throw new RegistryException(ErrorCode.MISSING_PARAMETER, "Param 'serviceName' is required.");
        }
        return request.service();
    }

    /** Refuses the namespace and group of a request about a group. */
    static void group(NamingRequest request) {
        check(Names.formatNamespace(request.namespace()));
        check(Names.formatGroup(request.groupName()));
    }

    /** Returns a filter of clusters as it is, empty for all, or refuses it. */
    static String clusters(String clusters) {
        if (clusters.isEmpty()) {
            return "";
        }
        if (clusters.length() > CLUSTERS_MAX) {
            throw new RegistryException(
                    ErrorCode.INVALID_PARAMETER,
                    "Param 'cluster' is illegal, the param length should not exceed " + CLUSTERS_MAX + ".");
        }
        int from = 0;
        while (from <= clusters.length()) {
            int comma = clusters.indexOf(',', from);
            int to = comma < 0 ? clusters.length() : comma;
            check(Names.formatCluster(clusters.substring(from, to)));
            from = to + 1;
        }
        return clusters;
    }

    /** Returns the instance as one of the given kind, or refuses it. */
    static Instance instance(@Nullable WireInstance instance, boolean ephemeral) {
        if (instance == null) {
            throw new RegistryException(ErrorCode.MISSING_PARAMETER, "Param 'instance' is required.");
        }
        String id = instance.instanceId() == null ? "" : instance.instanceId();
        String named = instance.clusterName();
        String cluster = named == null || named.isBlank() ? Instance.DEFAULT_CLUSTER : named;
        check(Names.formatIp(instance.ip()));
        check(Names.formatPort(instance.port()));
        check(Names.formatCluster(cluster));
        check(Names.formatMetadata(instance.metadata()));
        if (id.length() > INSTANCE_ID_MAX) {
            throw new RegistryException(
                    ErrorCode.INVALID_PARAMETER,
                    "Param 'instanceId' is illegal, the param length should not exceed " + INSTANCE_ID_MAX + ".");
        }
        Names.checkInstance(instance.weight(), cluster, instance.metadata());
        return new Instance(
                id,
                instance.ip(),
                instance.port(),
                instance.weight(),
                instance.healthy(),
                instance.enabled(),
                ephemeral,
                cluster,
                instance.metadata());
    }

    private static void check(@Nullable String text) {
        if (text != null) {
            throw new RegistryException(ErrorCode.INVALID_PARAMETER, text);
        }
    }
}
