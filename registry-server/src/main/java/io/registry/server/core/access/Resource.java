package io.registry.server.core.access;

import io.registry.api.model.ServiceKey;

/**
 * What a call is about.
 *
 * @param namespace the namespace, or {@link #ALL}
 * @param group the group, or {@link #ALL}
 * @param service the name of the service, or {@link #ALL}
 */
public record Resource(String namespace, String group, String service) {

    /** In the place of a name: whatever there is. */
    public static final String ALL = "*";

    /** All services of all namespaces. */
    public static final Resource EVERYTHING = new Resource(ALL, ALL, ALL);

    /** Returns a service. */
    public static Resource of(ServiceKey service) {
        return new Resource(service.namespace(), service.group(), service.name());
    }

    /** Returns all services of a namespace. */
    public static Resource namespace(String namespace) {
        return new Resource(namespace, ALL, ALL);
    }

    @Override
    public String toString() {
        return namespace + ":" + group + ":naming/" + service;
    }
}
