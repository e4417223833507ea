package io.registry.server.core.client;

import io.registry.api.model.ServiceKey;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * All that one client publishes, as one immutable value that shares its structure with the values before and after it:
 * a change of one publication costs the same for a client with one and nearly the same for a client with 10,000.
 *
 * @param publications by service, in the order of the keys
 * @param contentSum a sum of the content that is the same on every node
 */
public record ClientData(TreePMap<ServiceKey, Publication> publications, long contentSum) {

    /** A client that publishes nothing. */
    public static final ClientData EMPTY = new ClientData(TreePMap.empty(), 0);

    /** Returns this with one publication added or replaced. */
    public ClientData with(ServiceKey service, Publication publication) {
        Publication before = publications.get(service);
        long sum = contentSum - (before == null ? 0 : sum(service, before)) + sum(service, publication);
        return new ClientData(publications.plus(service, publication), sum);
    }

    /** Returns this without the publication about a service. */
    public ClientData without(ServiceKey service) {
        Publication before = publications.get(service);
        return before == null ? this : new ClientData(publications.minus(service), contentSum - sum(service, before));
    }

    /** Returns what the client says about a service, or null. */
    public @Nullable Publication about(ServiceKey service) {
        return publications.get(service);
    }

    private static long sum(ServiceKey service, Publication publication) {
        // String.hashCode is fixed by its specification, so it may stand in a sum that other nodes compare.
        long hash = service.name().hashCode();
        hash = hash * 31 + service.group().hashCode();
        hash = hash * 31 + service.namespace().hashCode();
        return hash * 0x9E3779B97F4A7C15L ^ publication.sum();
    }
}
