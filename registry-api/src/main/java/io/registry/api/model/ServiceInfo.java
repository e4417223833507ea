package io.registry.api.model;

import java.util.List;

/**
 * What a consumer sees of a service at one moment.
 *
 * <p><b>Threading</b>: immutable.
 *
 * @param service the service
 * @param instances its enabled instances, healthy or not, in the server's order; unmodifiable
 * @param referenceMillis when the server made this list, in milliseconds of its clock; 0 where it did not say
 * @param allHealthyByThreshold whether the server shows unhealthy instances as healthy, because too few are healthy
 */
public record ServiceInfo(
        ServiceKey service, List<Instance> instances, long referenceMillis, boolean allHealthyByThreshold) {

    /** Returns a service of which nothing is known. */
    public static ServiceInfo unknown(ServiceKey service) {
        return new ServiceInfo(service, List.of(), 0, false);
    }
}
