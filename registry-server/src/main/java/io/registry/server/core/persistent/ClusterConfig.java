package io.registry.server.core.persistent;

import java.util.Map;

/**
 * What an operator says about one cluster of a service.
 *
 * @param checkPort the port that active checks use where {@code useInstancePort} is false
 * @param useInstancePort whether active checks use each instance's own port
 * @param check how health is judged
 * @param metadata free text, for display
 */
public record ClusterConfig(int checkPort, boolean useInstancePort, HealthCheck check, Map<String, String> metadata) {

    /** A cluster about which nobody has said anything; the port is the wire protocol's default. */
    public static final ClusterConfig DEFAULT = new ClusterConfig(80, true, HealthCheck.TCP, Map.of());

    /** Keeps the metadata as they are now. */
    public ClusterConfig {
        metadata = PersistentState.ordered(metadata);
    }
}
