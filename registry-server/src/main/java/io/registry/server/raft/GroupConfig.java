package io.registry.server.raft;

import io.registry.server.secret.PeerSecret;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * A group of several members, as an operator has listed them. It forms once; from then on the log says who is a member.
 *
 * @param members where the Raft ports of all members are, {@code host:port}, this one's included
 * @param listen where this member's Raft port is opened
 * @param secret what all members share
 */
public record GroupConfig(List<String> members, InetSocketAddress listen, PeerSecret secret) {

    /** Keeps the list as it is now. */
    public GroupConfig {
        members = List.copyOf(members);
    }
}
