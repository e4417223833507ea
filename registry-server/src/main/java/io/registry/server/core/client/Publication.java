package io.registry.server.core.client;

import java.util.List;

/**
 * What one client says about one service: one instance, or a batch. One instance, which is nearly always what there is,
 * stands for itself.
 *
 * <p><b>Threading</b>: immutable.
 */
public sealed interface Publication permits InstanceBytes, Publication.Batch {

    /** Returns the instances, at least one; unmodifiable. */
    List<InstanceBytes> instances();

    /** Returns how many instances there are. */
    int size();

    /** Returns a sum of the content that is the same on every node. */
    long sum();

    /**
     * Returns the publication of some instances.
     *
     * @throws IllegalArgumentException where there are none: a client that says nothing about a service has none
     */
    static Publication of(List<InstanceBytes> instances) {
        if (instances.isEmpty()) {
            throw new IllegalArgumentException("instances: none (expected: at least one)");
        }
        return instances.size() == 1 ? instances.get(0) : new Batch(instances);
    }

    /**
     * Several instances.
     *
     * @param instances at least two; unmodifiable
     */
    record Batch(List<InstanceBytes> instances) implements Publication {

        /** Keeps the instances as they are now. */
        public Batch {
            instances = List.copyOf(instances);
        }

        @Override
        public int size() {
            return instances.size();
        }

        @Override
        public long sum() {
            long sum = 0;
            for (InstanceBytes instance : instances) {
                sum = sum * 31 + instance.sum();
            }
            return sum;
        }
    }
}
