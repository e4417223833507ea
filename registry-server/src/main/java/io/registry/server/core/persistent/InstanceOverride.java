package io.registry.server.core.persistent;

import io.registry.api.model.Instance;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an operator has set about one instance, kept apart from what its client registered and laid over it when a view
 * is made.
 *
 * @param weight the weight to show, or null for the registered one
 * @param enabled whether to show it as enabled, or null for what was registered
 * @param metadata laid over the registered metadata, key by key
 */
public record InstanceOverride(
        @Nullable Double weight, @Nullable Boolean enabled, Map<String, String> metadata) {

    /** Nothing set. */
    public static final InstanceOverride NONE = new InstanceOverride(null, null, Map.of());

    /** Keeps the metadata as they are now. */
    public InstanceOverride {
        metadata = PersistentState.ordered(metadata);
    }

    /** Returns an instance as consumers shall see it. */
    public Instance over(Instance registered) {
        Map<String, String> merged = registered.metadata();
        if (!metadata.isEmpty()) {
            merged = new LinkedHashMap<>(merged);
            merged.putAll(metadata);
        }
        return registered.with(
                weight == null ? registered.weight() : weight,
                enabled == null ? registered.enabled() : enabled,
                merged);
    }

    /** Returns this with other metadata. */
    public InstanceOverride withMetadata(Map<String, String> newMetadata) {
        return new InstanceOverride(weight, enabled, newMetadata);
    }
}
