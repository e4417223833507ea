package io.registry.server.compat.driver;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An instance as a client holds it.
 *
 * @param serviceName {@code group@@name} in what a client was told; empty in what a client tells
 */
public record Host(
        String ip,
        int port,
        String cluster,
        double weight,
        boolean healthy,
        boolean enabled,
        boolean ephemeral,
        String serviceName,
        Map<String, String> metadata)
        implements Comparable<Host> {

    public Host {
        metadata = new TreeMap<>(metadata);
    }

    /** A healthy ephemeral instance with weight 1, no metadata, in the cluster {@code DEFAULT}. */
    public static Host of(String ip, int port) {
        return new Host(ip, port, "DEFAULT", 1.0, true, true, true, "", Map.of());
    }

    public Host inCluster(String other) {
        return new Host(ip, port, other, weight, healthy, enabled, ephemeral, serviceName, metadata);
    }

    public Host weighing(double other) {
        return new Host(ip, port, cluster, other, healthy, enabled, ephemeral, serviceName, metadata);
    }

    public Host unhealthy() {
        return new Host(ip, port, cluster, weight, false, enabled, ephemeral, serviceName, metadata);
    }

    public Host disabled() {
        return new Host(ip, port, cluster, weight, healthy, false, ephemeral, serviceName, metadata);
    }

    public Host persistent() {
        return new Host(ip, port, cluster, weight, healthy, enabled, false, serviceName, metadata);
    }

    public Host with(Map<String, String> other) {
        return new Host(ip, port, cluster, weight, healthy, enabled, ephemeral, serviceName, other);
    }

    /** Returns this as clients show it when it belongs to the service. */
    public Host of(String group, String service) {
        return new Host(ip, port, cluster, weight, healthy, enabled, ephemeral, group + "@@" + service, metadata);
    }

    public String address() {
        return ip + ":" + port;
    }

    public String toWord() {
        List<String> pairs = new java.util.ArrayList<>();
        metadata.forEach((key, value) -> pairs.addAll(List.of(key, value)));
        return Words.join(
                ip,
                String.valueOf(port),
                cluster,
                String.valueOf(weight),
                String.valueOf(healthy),
                String.valueOf(enabled),
                String.valueOf(ephemeral),
                serviceName,
                Words.join(pairs));
    }

    public static Host parse(String word) {
        List<String> words = Words.split(word);
        List<String> pairs = Words.split(words.get(8));
        Map<String, String> metadata = new TreeMap<>();
        for (int i = 0; i < pairs.size(); i += 2) {
            metadata.put(pairs.get(i), pairs.get(i + 1));
        }
        return new Host(
                words.get(0),
                Integer.parseInt(words.get(1)),
                words.get(2),
                Double.parseDouble(words.get(3)),
                Boolean.parseBoolean(words.get(4)),
                Boolean.parseBoolean(words.get(5)),
                Boolean.parseBoolean(words.get(6)),
                words.get(7),
                metadata);
    }

    @Override
    public int compareTo(Host other) {
        int byIp = ip.compareTo(other.ip);
        return byIp != 0 ? byIp : Integer.compare(port, other.port);
    }
}
