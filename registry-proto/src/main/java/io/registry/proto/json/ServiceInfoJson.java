package io.registry.proto.json;

import java.nio.charset.StandardCharsets;

/** The JSON around the instances of a service. */
public final class ServiceInfoJson {

    private ServiceInfoJson() {}

    /** Returns what stands before the instances in a datagram to a 1.x client, which has no group of its own. */
    public static byte[] udpHead(String groupedName, String clusters, long cacheMillis) {
        StringBuilder json = new StringBuilder(128).append("{\"name\":");
        InstanceJson.text(json, groupedName);
        json.append(",\"clusters\":");
        InstanceJson.text(json, clusters);
        json.append(",\"cacheMillis\":").append(cacheMillis).append(",\"hosts\":[");
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Returns what stands behind the instances. */
    public static byte[] tail(long lastRefTime, boolean reachProtectionThreshold, boolean bothSpellings) {
        StringBuilder json = new StringBuilder(160).append("],\"lastRefTime\":").append(lastRefTime);
        json.append(",\"checksum\":\"\",\"allIPs\":false");
        if (bothSpellings) {
            json.append(",\"allIps\":false");
        }
        json.append(",\"reachProtectionThreshold\":").append(reachProtectionThreshold);
        return json.append(",\"valid\":true}").toString().getBytes(StandardCharsets.UTF_8);
    }
}
