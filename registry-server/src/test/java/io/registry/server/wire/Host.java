package io.registry.server.wire;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What the random tests know of one instance. */
record Host(String ip, int port, String cluster, int weight, boolean enabled) {

    /** Returns the instance as SDKs send it. */
    Map<String, Object> instance() {
        return Naming.instance(
                ip, port, "clusterName", cluster, "weight", weight, "enabled", enabled, "metadata", metadata());
    }

    /** Returns metadata that keeps an instance healthy that does not beat. */
    static Map<String, String> metadata() {
        return Map.of("preserved.heart.beat.timeout", "600000", "preserved.ip.delete.timeout", "900000");
    }

    static Host of(JsonNode host) {
        if (!host.required("healthy").asBoolean()) {
            throw new AssertionError("unhealthy, which nobody said: " + host);
        }
        return new Host(
                host.required("ip").asString(),
                host.required("port").asInt(),
                host.required("clusterName").asString(),
                (int) host.required("weight").asDouble(),
                host.required("enabled").asBoolean());
    }

    /** Returns what a subscriber of the clusters sees of all these, in one order. */
    static List<String> seen(Collection<Host> hosts, String clusters) {
        List<String> wanted = List.of(clusters.split(","));
        return hosts.stream()
                .filter(host -> host.enabled && (clusters.isEmpty() || wanted.contains(host.cluster)))
                .map(Host::toString)
                .distinct()
                .sorted()
                .toList();
    }

    static List<String> seen(List<JsonNode> hosts) {
        return hosts.stream().map(host -> of(host).toString()).sorted().toList();
    }

    @Override
    public String toString() {
        return ip + ":" + port + "@" + cluster + "*" + weight;
    }
}
