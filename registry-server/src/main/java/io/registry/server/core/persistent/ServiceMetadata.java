package io.registry.server.core.persistent;

import java.util.Map;

/**
 * What an operator says about a service.
 *
 * @param ephemeral the kind of its instances
 * @param protectThreshold the share of healthy instances at or below which all are shown as healthy; negative counts
 *     as 0
 * @param metadata free text, for display
 * @param selector which instances a consumer gets to see; stored and shown
 */
public record ServiceMetadata(
        boolean ephemeral, float protectThreshold, Map<String, String> metadata, Selector selector) {

    /** Keeps the metadata as they are now. */
    public ServiceMetadata {
        metadata = PersistentState.ordered(metadata);
    }

    /** Returns the metadata that a service has once somebody sets something about one of its clusters. */
    public static ServiceMetadata plain(boolean ephemeral) {
        return new ServiceMetadata(ephemeral, 0, Map.of(), Selector.NONE);
    }
}
