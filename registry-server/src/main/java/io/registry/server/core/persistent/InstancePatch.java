package io.registry.server.core.persistent;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A change of some of what an operator has set about an instance; null leaves a thing as it is.
 *
 * @param weight the weight to show
 * @param enabled whether to show it as enabled
 * @param metadata replaces the metadata set before
 */
public record InstancePatch(
        @Nullable Double weight,
        @Nullable Boolean enabled,
        @Nullable Map<String, String> metadata) {

    /** Returns what is set after this change, made at the given time; its end stays as it is. */
    public InstanceOverride applyTo(InstanceOverride before, long atMillis) {
        return new InstanceOverride(
                weight == null ? before.weight() : weight,
                enabled == null ? before.enabled() : enabled,
                metadata == null ? before.metadata() : metadata,
                atMillis,
                before.expiresAtMillis());
    }
}
