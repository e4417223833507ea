package io.registry.server.core.cluster;

/**
 * How busy a member is, as it says itself.
 *
 * @param serving whether clients may come to it
 * @param clients how many SDKs are connected
 * @param systemLoad the load average of its machine; negative where it is not known
 * @param cpu how much of its machine's CPU time is in use, 0 to 1; negative where that is not known
 */
public record MemberLoad(boolean serving, int clients, double systemLoad, double cpu) {}
