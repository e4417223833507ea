package io.registry.api.model;

import java.util.Comparator;

/**
 * The identity of an instance inside its service.
 *
 * @param ip the address as its client wrote it; never resolved or normalised
 * @param port 0..65535
 * @param cluster the cluster's name
 */
public record InstanceKey(String ip, int port, String cluster) implements Comparable<InstanceKey> {

    private static final Comparator<InstanceKey> ORDER = Comparator.comparing(InstanceKey::ip)
            .thenComparingInt(InstanceKey::port)
            .thenComparing(InstanceKey::cluster);

    @Override
    public int compareTo(InstanceKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return ip + ":" + port + ":" + cluster;
    }
}
