package io.registry.server.core.cluster;

import io.registry.distro.model.NodeId;

/**
 * A server of the cluster, and where it is reached. Addresses are {@code host:port}; an IPv6 host stands in brackets.
 *
 * @param id its identity, which outlives its addresses
 * @param http its HTTP address, by which operators know it
 * @param cluster where other servers send it what they replicate
 * @param raft where its part of the persistent log is reached; empty for a node that stands alone, which opens no such
 *     port
 */
public record ClusterMember(NodeId id, String http, String cluster, String raft) {

    @Override
    public String toString() {
        return http + " (" + id + ")";
    }
}
