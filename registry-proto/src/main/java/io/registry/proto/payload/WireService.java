package io.registry.proto.payload;

/**
 * A service as a server sends it.
 *
 * @param name the bare name
 * @param group the group; empty where the server names none
 * @param clusters the filter: names of clusters with commas between them; empty for all
 * @param hosts its instances
 * @param cacheMillis how long, in milliseconds, a polling consumer keeps it
 * @param lastRefTime when the server made it, in milliseconds of its clock; 0 where it does not say
 * @param reachProtectionThreshold whether unhealthy instances are shown as healthy
 * @param allIps whether an empty list is meant as it is
 */
public record WireService(
        String name,
        String group,
        String clusters,
        HostList hosts,
        long cacheMillis,
        long lastRefTime,
        boolean reachProtectionThreshold,
        boolean allIps) {

    /** Returns this service with other hosts. */
    public WireService withHosts(HostList other) {
        return new WireService(
                name, group, clusters, other, cacheMillis, lastRefTime, reachProtectionThreshold, allIps);
    }
}
