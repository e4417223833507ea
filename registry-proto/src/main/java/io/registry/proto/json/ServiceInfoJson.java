package io.registry.proto.json;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands before and after the hosts of a service, so that the hosts themselves can be shared. A whole service is
 * {@code head}, the hosts with commas between them, {@code tail}.
 */
public final class ServiceInfoJson {

    private static final byte[] COMMA = {','};

    private ServiceInfoJson() {}

    /**
     * Returns everything up to the bracket that opens the hosts.
     *
     * @param name over gRPC the bare name; over HTTP v1 and in datagrams {@code group@@name}
     * @param groupName the group; null leaves it out, as datagrams do
     * @param clusters the clusters as the consumer asked for them, byte for byte; empty for all
     * @param cacheMillis how long, in milliseconds, a polling consumer keeps the answer
     */
    public static byte[] head(String name, @Nullable String groupName, String clusters, long cacheMillis) {
        return new Utf8Json(128)
                .beginObject()
                .field("name", name)
                .fieldIfPresent("groupName", groupName)
                .field("clusters", clusters)
                .field("cacheMillis", cacheMillis)
                .name("hosts")
                .beginArray()
                .toBytes();
    }

    /** Returns everything from the bracket that closes the hosts, with the "all ips" flag as clients 2.x and 3.x spell it. */
    public static byte[] tail(long lastRefTimeMillis, boolean reachProtectionThreshold) {
        return tail(lastRefTimeMillis, reachProtectionThreshold, true);
    }

    /** Returns everything from the bracket that closes the hosts, with the "all ips" flag as HTTP v1 spells it only. */
    public static byte[] tailV1(long lastRefTimeMillis, boolean reachProtectionThreshold) {
        return tail(lastRefTimeMillis, reachProtectionThreshold, false);
    }

    private static byte[] tail(long lastRefTimeMillis, boolean reachProtectionThreshold, boolean bothSpellings) {
        Utf8Json json = new Utf8Json(160)
                .endArray()
                .field("lastRefTime", lastRefTimeMillis)
                .field("checksum", "")
                .field("allIPs", false);
        if (bothSpellings) {
            json.field("allIps", false);
        }
        return json.field("reachProtectionThreshold", reachProtectionThreshold)
                .field("valid", true)
                .endObject()
                .toBytes();
    }

    /**
     * Returns how one list of hosts becomes another, to follow the first properties of an object.
     *
     * @param removed places in the list before
     * @param put places in the list that results
     * @param count how many hosts result
     */
    public static byte[] edits(int[] removed, int[] put, int count) {
        Utf8Json json = new Utf8Json(64 + 6 * (removed.length + put.length));
        places(json.raw(COMMA).name("removed"), removed);
        places(json.name("put"), put);
        return json.field("count", count).toBytes();
    }

    private static void places(Utf8Json json, int[] places) {
        json.beginArray();
        for (int place : places) {
            json.value(place);
        }
        json.endArray();
    }

    /** Returns instances as the hosts of a service: joined in one array, with commas between them. */
    public static byte[] joinHosts(List<byte[]> instances) {
        long length = Math.max(0, instances.size() - 1);
        for (byte[] instance : instances) {
            length += instance.length;
        }
        Utf8Json json = new Utf8Json(Math.toIntExact(length));
        for (int i = 0; i < instances.size(); i++) {
            if (i > 0) {
                json.raw(COMMA);
            }
            json.raw(instances.get(i));
        }
        return json.toBytes();
    }
}
