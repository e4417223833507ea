package io.registry.server.raft;

import io.registry.server.raft.peer.PeerSecret;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * A group of several members, as an operator has listed them. It forms once; from then on the log says who is a member.
 *
 * @param self where others reach this member's Raft port, {@code host:port}
 * @param members the same of all members, this one included
 * @param listen where this member's Raft port is opened
 * @param secret what all members share
 */
public record GroupConfig(String self, List<String> members, InetSocketAddress listen, PeerSecret secret) {

    /** Keeps the list as it is now. */
    public GroupConfig {
        members = List.copyOf(members);
    }
}
