package io.registry.server.http.naming;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.proto.json.Utf8Json;
import io.registry.server.core.service.ServiceManager;
import io.registry.server.http.HttpCall;
import io.registry.server.http.ServiceNames;
import io.registry.server.http.Subject;

/** Instances in the few forms that are not those of lists. */
public final class InstanceBodies {

    /** What separates a namespace from a grouped name in the key of a status. */
    private static final String NAMESPACE_SEPARATOR = "##";

    /** The service of the status key that a parameter holds. */
    public static final Subject STATUS_KEY =
            Subject.service(call -> statusKey(call, call.params().text("key", "")));

    /** The service of the status key that is a segment of the path. */
    public static final Subject STATUS_SEGMENT = Subject.service(call -> statusKey(call, call.segment(4)));

    private InstanceBodies() {}

    /**
     * Shows an instance.
     *
     * @param serviceName what this version calls the service
     */
    public static void detail(String serviceName, ServiceKey service, Instance instance, Utf8Json body) {
        body.beginObject()
                .field(serviceName, service.groupedName())
                .field("ip", instance.ip())
                .field("port", instance.port())
                .field("clusterName", instance.cluster())
                .field("weight", instance.weight())
                .field("healthy", instance.healthy())
                .field("instanceId", instance.shownId(service.groupedName()))
                .field("metadata", instance.metadata())
                .endObject();
    }

    /** Shows the addresses of a service, each with whether it is healthy. */
    public static Utf8Json statuses(ServiceManager services, ServiceKey service) {
        Utf8Json body = new Utf8Json(256).beginObject().name("ips").beginArray();
        for (Instance instance : services.viewOrAbsent(service).instances()) {
            body.value(instance.address() + "_" + instance.healthy());
        }
        return body.endArray().endObject();
    }

    /** Returns the service of a status key: {@code group@@name}, or {@code namespace##group@@name}. */
    public static ServiceKey statusKey(HttpCall call, String key) {
        int separator = key.indexOf(NAMESPACE_SEPARATOR);
        return separator < 0
                ? ServiceNames.grouped(call.params().text("namespaceId", ServiceKey.DEFAULT_NAMESPACE), key)
                : ServiceNames.grouped(
                        key.substring(0, separator), key.substring(separator + NAMESPACE_SEPARATOR.length()));
    }
}
