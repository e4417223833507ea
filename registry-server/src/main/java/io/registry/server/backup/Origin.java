package io.registry.server.backup;

/**
 * Where a backup comes from.
 *
 * @param madeMillis when it was made, in milliseconds since 1970
 * @param cluster the name of the cluster
 * @param node the id of the node that was asked
 */
public record Origin(long madeMillis, String cluster, String node) {}
