package io.registry.server.core.cluster;

/**
 * Changes who belongs to the cluster, one change at a time. Whichever node is asked, the leader of the persistent log does
 * it.
 *
 * <p><b>Threading</b>: from any thread that may block, for up to a minute.
 */
public interface ClusterChanges {

    /**
     * Adds a node, which has been started and waits for it; returns when the node has caught up and counts.
     *
     * @param address its HTTP address, {@code host:port}
     * @throws io.registry.api.error.RegistryException {@code ILLEGAL_STATE} where the node, or the cluster, is not in a
     *     state for it, also while another change is under way; {@code INVALID_PARAMETER} for a malformed address;
     *     {@code NO_LEADER} where nobody leads, or where no answer came in time and the change may still come about
     */
    void add(String address);

    /**
     * Removes a member, whether it lives or not; returns when it no longer counts. Where it leads, another one takes over
     * first.
     *
     * @param member its HTTP address or its id
     * @throws io.registry.api.error.RegistryException as for {@link #add}; {@code NOT_FOUND} where there is no such member
     */
    void remove(String member);
}
