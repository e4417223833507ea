package io.registry.api.model;

import java.util.LinkedHashMap;
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
 * @param service the service it was found in, as {@link ServiceKey#groupedName()}; empty for one that is only described,
 *     such as one to be registered
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
        Map<String, String> metadata,
        String service) {

    /** The cluster of an instance whose client names none. */
    public static final String DEFAULT_CLUSTER = "DEFAULT";

    /** Keeps the metadata as they are now; null values become the empty string. */
    public Instance {
        metadata = FixedMetadata.of(metadata);
    }

    /** Makes an instance that names no service. */
    public Instance(
            String id,
            String ip,
            int port,
            double weight,
            boolean healthy,
            boolean enabled,
            boolean ephemeral,
            String cluster,
            Map<String, String> metadata) {
        this(id, ip, port, weight, healthy, enabled, ephemeral, cluster, metadata, "");
    }

    /** Returns an ephemeral, healthy, enabled instance of weight 1 in the default cluster, without metadata. */
    public static Instance of(String ip, int port) {
        return builder(ip, port).build();
    }

    /** Begins an instance that has the default wherever the builder is told nothing. */
    public static Builder builder(String ip, int port) {
        return new Builder(ip, port);
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

    /** Returns the instance id that clients see, for an instance that names its service; else its own id. */
    public String shownId() {
        return service.isEmpty() ? id : shownId(service);
    }

    /** Returns the milliseconds between two beats: {@value PreservedMetadata#HEART_BEAT_INTERVAL}, or 5,000. */
    public long heartBeatIntervalMillis() {
        return PreservedMetadata.intervalMillis(metadata);
    }

    /** Returns the milliseconds without a beat until it is unhealthy: {@value PreservedMetadata#HEART_BEAT_TIMEOUT}, or 15,000. */
    public long heartBeatTimeoutMillis() {
        return PreservedMetadata.timeoutMillis(metadata);
    }

    /** Returns the milliseconds without a beat until it is removed: {@value PreservedMetadata#IP_DELETE_TIMEOUT}, or 30,000. */
    public long deleteTimeoutMillis() {
        return PreservedMetadata.deleteTimeoutMillis(metadata);
    }

    /** Returns how its id is made: {@value PreservedMetadata#INSTANCE_ID_GENERATOR}, or {@code simple}. */
    public String idGenerator() {
        return metadata.getOrDefault(PreservedMetadata.INSTANCE_ID_GENERATOR, PreservedMetadata.SIMPLE_GENERATOR);
    }

    /** Returns {@code ip:port}. */
    public String address() {
        return ip + ":" + port;
    }

    /** Returns this instance with another health. */
    public Instance withHealthy(boolean value) {
        return value == healthy
                ? this
                : new Instance(id, ip, port, weight, value, enabled, ephemeral, cluster, metadata, service);
    }

    /** Returns this instance with another id. */
    public Instance withId(String value) {
        return new Instance(value, ip, port, weight, healthy, enabled, ephemeral, cluster, metadata, service);
    }

    /** Returns this instance with what an operator may set: weight, enabled, metadata. */
    public Instance with(double newWeight, boolean newEnabled, Map<String, String> newMetadata) {
        return new Instance(id, ip, port, newWeight, healthy, newEnabled, ephemeral, cluster, newMetadata, service);
    }

    /** Returns this instance in another cluster. */
    public Instance withCluster(String value) {
        return new Instance(id, ip, port, weight, healthy, enabled, ephemeral, value, metadata, service);
    }

    /** Returns this instance as ephemeral or persistent. */
    public Instance withEphemeral(boolean value) {
        return new Instance(id, ip, port, weight, healthy, enabled, value, cluster, metadata, service);
    }

    /**
     * Puts an instance together.
     *
     * <p><b>Threading</b>: for one thread.
     */
    public static final class Builder {

        private final String ip;
        private final int port;
        private String id = "";
        private double weight = 1;
        private boolean healthy = true;
        private boolean enabled = true;
        private boolean ephemeral = true;
        private String cluster = DEFAULT_CLUSTER;
        private final Map<String, String> metadata = new LinkedHashMap<>();

        private Builder(String ip, int port) {
            this.ip = ip;
            this.port = port;
        }

        /** Gives it an id of its own; without one, its id follows from its address. */
        public Builder id(String value) {
            id = value;
            return this;
        }

        /** Sets the weight, 0..10000. */
        public Builder weight(double value) {
            weight = value;
            return this;
        }

        /** Says whether it is able to serve. */
        public Builder healthy(boolean value) {
            healthy = value;
            return this;
        }

        /** Says whether it may be chosen. */
        public Builder enabled(boolean value) {
            enabled = value;
            return this;
        }

        /** Says whether it lives only as long as its client is heard. */
        public Builder ephemeral(boolean value) {
            ephemeral = value;
            return this;
        }

        /** Sets the cluster: letters of ASCII, digits and {@code -}. */
        public Builder cluster(String value) {
            cluster = value;
            return this;
        }

        /** Attaches a pair. */
        public Builder metadata(String key, String value) {
            metadata.put(key, value);
            return this;
        }

        /** Attaches pairs. */
        public Builder metadata(Map<String, String> values) {
            metadata.putAll(values);
            return this;
        }

        /** Returns the instance, unchecked. */
        public Instance build() {
            return new Instance(id, ip, port, weight, healthy, enabled, ephemeral, cluster, metadata);
        }
    }
}
