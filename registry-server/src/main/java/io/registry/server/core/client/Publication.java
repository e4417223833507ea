package io.registry.server.core.client;

import java.util.List;

/**
 * What one client says about one service: one instance, or a batch.
 *
 * @param instances the instances, at least one; unmodifiable
 */
public record Publication(List<InstanceBytes> instances) {

    /** Refuses an empty publication: a client that says nothing about a service has none. */
    public Publication {
        if (instances.isEmpty()) {
            throw new IllegalArgumentException("instances: none (expected: at least one)");
        }
        instances = List.copyOf(instances);
    }

    /** Returns the publication of one instance. */
    public static Publication of(InstanceBytes instance) {
        return new Publication(List.of(instance));
    }

    /** Returns a sum of the content that is the same on every node. */
    public long sum() {
        long sum = 0;
        for (InstanceBytes instance : instances) {
            sum = sum * 31 + instance.sum();
        }
        return sum;
    }
}
