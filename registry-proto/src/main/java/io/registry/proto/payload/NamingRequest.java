package io.registry.proto.payload;

import io.registry.api.model.ServiceKey;

/** A request about one service, or, where {@link #serviceName()} is empty, about a group. */
public sealed interface NamingRequest extends RequestPayload
        permits InstanceRequest,
                BatchInstanceRequest,
                PersistentInstanceRequest,
                ServiceQueryRequest,
                SubscribeServiceRequest,
                ServiceListRequest,
                AwaitSubscribersRequest {

    /** Returns the namespace id; never empty. */
    String namespace();

    /** Returns the bare name of the service; may be empty. */
    String serviceName();

    /** Returns the group; never empty. */
    String groupName();

    /** Returns namespace, group and name as one key. */
    default ServiceKey service() {
        return new ServiceKey(namespace(), groupName(), serviceName());
    }
}
