package io.registry.proto.payload;

/**
 * A service as a server sends it.
 *
 * @param name the bare name
 * @param group the group; empty where the server names none
 * @param hosts its instances
 * @param cacheMillis how long, in milliseconds, a polling consumer keeps it
 * @param lastRefTime when the server made it, in milliseconds of its clock; 0 where it does not say
 * @param reachProtectionThreshold whether unhealthy instances are shown as healthy
 * @param allIps whether an empty list is meant as it is
 */
public record WireService(
        String name,
        String group,
        HostList hosts,
        long cacheMillis,
        long lastRefTime,
        boolean reachProtectionThreshold,
        boolean allIps) {}
