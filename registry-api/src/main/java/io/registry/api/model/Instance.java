package io.registry.api.model;

import java.util.Map;

/**
 * One instance of a service, as its client registered it.
 *
 * <p>The value is complete: what a client left out has its default here. It has passed no check of its own; see {@link
 * io.registry.api.check.Names}.
 *
 * @param id the instance id that its client or a generator has given it; empty for the one that follows from its
 *     address, its cluster and its service, see {@link #shownId}
 * @param ip the address as its client wrote it; never resolved or normalised
 * @param port 0..65535
 * @param weight 0..10000; clients choose no instance of weight 0
 * @param healthy whether it is believed to be able to serve
 * @param enabled whether it may be chosen; disabled ones are left out of every list that consumers get
 * @param ephemeral true where it lives only as long as its client is heard
 * @param cluster the cluster's name; {@value #DEFAULT_CLUSTER} where a client names none
 * @param metadata what its client attached, in the client's order; unmodifiable
 */
public record Instance(
        String id,
        String ip,
        int port,
        double weight,
        boolean healthy,
        boolean enabled,
        boolean ephemeral,
        String cluster,
        Map<String, String> metadata) {

    /** The cluster of an instance whose client names none. */
    public static final String DEFAULT_CLUSTER = "DEFAULT";

    /** Keeps the metadata as they are now; null values become the empty string. */
    public Instance {
        metadata = FixedMetadata.of(metadata);
    }

    /** Returns the identity of this instance inside its service. */
    public InstanceKey key() {
        return new InstanceKey(ip, port, cluster);
    }

    /**
     * Returns the instance id that clients see, which is derived and not kept where the instance has none of its own.
     *
     * @param groupedName the service, as {@link ServiceKey#groupedName()} gives it
     */
    public String shownId(String groupedName) {
        return id.isEmpty() ? ip + "#" + port + "#" + cluster + "#" + groupedName : id;
    }

    /** Returns {@code ip:port}. */
    public String address() {
        return ip + ":" + port;
    }

    /** Returns this instance with another health. */
    public Instance withHealthy(boolean value) {
        return value == healthy
                ? this
                : new Instance(id, ip, port, weight, value, enabled, ephemeral, cluster, metadata);
    }

    /** Returns this instance with another id. */
    public Instance withId(String value) {
        return new Instance(value, ip, port, weight, healthy, enabled, ephemeral, cluster, metadata);
    }

    /** Returns this instance with what an operator may set: weight, enabled, metadata. */
    public Instance with(double newWeight, boolean newEnabled, Map<String, String> newMetadata) {
        return new Instance(id, ip, port, newWeight, healthy, newEnabled, ephemeral, cluster, newMetadata);
    }
}
