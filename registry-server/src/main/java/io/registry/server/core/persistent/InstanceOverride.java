package io.registry.server.core.persistent;

import io.registry.api.model.Instance;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an operator has set about instances, kept apart from what their clients registered and laid over it when a view
 * is made. Times come from the clock of the node that took the operator's call, so that applying needs none.
 *
 * @param weight the weight to show, or null for the registered one
 * @param enabled whether to show it as enabled, or null for what was registered
 * @param metadata laid over the registered metadata, key by key
 * @param setAtMillis when it was last set, in milliseconds since 1970; tells one setting from the next
 * @param expiresAtMillis when it ends, in milliseconds since 1970, or {@link #NEVER}
 */
public record InstanceOverride(
        @Nullable Double weight,
        @Nullable Boolean enabled,
        Map<String, String> metadata,
        long setAtMillis,
        long expiresAtMillis) {

    /** The end of what has none. */
    public static final long NEVER = 0;

    /** Nothing set. */
    public static final InstanceOverride NONE = new InstanceOverride(null, null, Map.of(), 0, NEVER);

    /** Keeps the metadata as they are now. */
    public InstanceOverride {
        metadata = PersistentState.ordered(metadata);
    }

    /** Returns whether its end has come. */
    public boolean isOver(long wallMillis) {
        return expiresAtMillis != NEVER && expiresAtMillis <= wallMillis;
    }

    /** Returns an instance with this laid over it. */
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

    /** Returns this with other metadata, set at the given time. */
    public InstanceOverride withMetadata(Map<String, String> newMetadata, long atMillis) {
        return new InstanceOverride(weight, enabled, newMetadata, atMillis, expiresAtMillis);
    }
}
