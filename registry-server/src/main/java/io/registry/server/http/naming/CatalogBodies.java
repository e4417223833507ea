package io.registry.server.http.naming;

import io.registry.api.model.Instance;
import io.registry.proto.json.Utf8Json;
import io.registry.server.core.persistent.ServiceMetadata;
import io.registry.server.core.service.ServiceView;
import io.registry.server.http.Numbers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How operators see services: the items of lists, and the details. */
public final class CatalogBodies {

    private CatalogBodies() {}

    /** Shows a service in numbers. */
    public static void summary(ServiceView view, Utf8Json body) {
        List<Instance> instances = view.instances();
        long healthy = instances.stream().filter(Instance::healthy).count();
        body.beginObject()
                .field("name", view.key().name())
                .field("groupName", view.key().group())
                .field("clusterCount", clusters(view).size())
                .field("ipCount", instances.size())
                .field("healthyInstanceCount", healthy)
                .field("triggerFlag", String.valueOf(isProtected(view, healthy, instances.size())))
                .endObject();
    }

    private static boolean isProtected(ServiceView view, long healthy, int all) {
        return all > 0 && (float) healthy / all <= Math.max(0, threshold(view));
    }

    /** Returns the clusters that have instances. */
    public static Set<String> clusters(ServiceView view) {
        Set<String> clusters = new LinkedHashSet<>();
        view.instances().forEach(instance -> clusters.add(instance.cluster()));
        return clusters;
    }

    /** Returns the instances of each cluster that has some. */
    public static Map<String, List<Instance>> byCluster(ServiceView view) {
        Map<String, List<Instance>> byCluster = new LinkedHashMap<>();
        for (Instance instance : view.instances()) {
            byCluster
                    .computeIfAbsent(instance.cluster(), cluster -> new ArrayList<>())
                    .add(instance);
        }
        return byCluster;
    }

    /** Returns a page of a list; pages begin at 1, and a smaller number is the first. */
    public static <T> List<T> page(List<T> all, int page, int size) {
        if (size <= 0) {
            return List.of();
        }
        int from = (int) Math.min(all.size(), (Math.max(1, page) - 1L) * size);
        return all.subList(from, (int) Math.min(all.size(), (long) from + size));
    }

    /** Returns the threshold of a service; 0 where nobody has set one. */
    public static float threshold(ServiceView view) {
        ServiceMetadata metadata = view.metadata();
        return metadata == null ? 0 : metadata.protectThreshold();
    }

    /** Shows what an operator says about a service: threshold, metadata, selector; in the order of the names given. */
    public static void settings(ServiceView view, Utf8Json body, String... names) {
        ServiceMetadata metadata = view.metadata();
        ServiceMetadata shown = metadata == null ? ServiceMetadata.plain(view.ephemeral()) : metadata;
        for (String name : names) {
            body.name(name);
            switch (name) {
                case "protectThreshold" -> body.value(Numbers.shown(shown.protectThreshold()));
                case "metadata" -> body.value(shown.metadata());
                case "selector" -> Selectors.write(shown.selector(), body);
                default -> throw new IllegalArgumentException("setting: " + name);
            }
        }
    }

    /** Shows an instance as the first version of the list with instances does. */
    public static void host(Instance instance, Utf8Json body) {
        body.beginObject()
                .field("valid", instance.healthy())
                .field("metadata", instance.metadata())
                .field("port", instance.port())
                .field("ip", instance.ip())
                .field("weight", instance.weight())
                .field("enabled", instance.enabled())
                .endObject();
    }
}
