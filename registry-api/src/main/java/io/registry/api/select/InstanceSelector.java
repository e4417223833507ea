package io.registry.api.select;

import io.registry.api.model.Instance;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Lets some of a service's instances through.
 *
 * <p>A selector is part of what a subscription is known by, so that it can be ended: the ready-made ones are equal where
 * their arguments are, one's own is equal to itself.
 *
 * <p><b>Threading</b>: called by any thread; must have no state that changes.
 */
@FunctionalInterface
public interface InstanceSelector {

    /** Returns those of the instances that pass, in their order. */
    List<Instance> select(List<Instance> instances);

    /** Returns the selector that lets everything through. */
    static InstanceSelector all() {
        return Ready.ALL;
    }

    /** Returns the selector that lets healthy instances with a weight through. */
    static InstanceSelector healthy() {
        return Ready.HEALTHY;
    }

    /** Returns the selector for clusters; no names, or only empty ones, stand for all clusters. */
    static InstanceSelector clusters(Iterable<String> names) {
        Set<String> clusters = new LinkedHashSet<>();
        for (String name : names) {
            for (String each : name.split(",", -1)) {
                if (!each.isBlank()) {
                    clusters.add(each.strip());
                }
            }
        }
        return clusters.isEmpty() ? all() : new ByCluster(Set.copyOf(clusters));
    }

    /** Returns the selector for instances whose metadata hold a pair. */
    static InstanceSelector metadata(String key, String value) {
        return new ByMetadata(key, value);
    }

    /** Returns the selector for what satisfies a condition. */
    static InstanceSelector where(Predicate<Instance> condition) {
        return instances -> instances.stream().filter(condition).toList();
    }

    /** Returns the selector that applies this one and then another. */
    default InstanceSelector and(InstanceSelector next) {
        return new Both(this, next);
    }

    /** The selectors that need no argument. */
    enum Ready implements InstanceSelector {
        /** Everything. */
        ALL {
            @Override
            public List<Instance> select(List<Instance> instances) {
                return instances;
            }
        },
        /** What can be chosen. */
        HEALTHY {
            @Override
            public List<Instance> select(List<Instance> instances) {
                return instances.stream()
                        .filter(instance -> instance.healthy() && instance.enabled() && instance.weight() > 0)
                        .toList();
            }
        }
    }

    /**
     * What is in one of some clusters.
     *
     * @param names the clusters; unmodifiable
     */
    record ByCluster(Set<String> names) implements InstanceSelector {
        @Override
        public List<Instance> select(List<Instance> instances) {
            return instances.stream()
                    .filter(instance -> names.contains(instance.cluster()))
                    .toList();
        }
    }

    /**
     * What has a pair of metadata.
     *
     * @param key the key
     * @param value the value it must have
     */
    record ByMetadata(String key, String value) implements InstanceSelector {
        @Override
        public List<Instance> select(List<Instance> instances) {
            return instances.stream()
                    .filter(instance -> value.equals(instance.metadata().get(key)))
                    .toList();
        }
    }

    /**
     * One selector after the other.
     *
     * @param first applied first
     * @param second applied to what the first lets through
     */
    record Both(InstanceSelector first, InstanceSelector second) implements InstanceSelector {
        @Override
        public List<Instance> select(List<Instance> instances) {
            return second.select(first.select(instances));
        }
    }
}
