package io.registry.server.raft;

import io.registry.server.core.cluster.HostPort;
import io.registry.server.lookup.MemberLookup;
import io.registry.server.secret.PeerSecret;
import io.registry.server.sockets.SocketTls;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A group of several members. It forms once; from then on the log says who is a member, and what is looked up only where
 * to find them.
 *
 * @param lookup where members may be found
 * @param raftOffset how far this member's Raft port is from its HTTP port; those of members that have not said theirs are
 *     first looked for at the same distance
 * @param listen where this member's Raft port is opened
 * @param secret what all members share
 * @param tls how members encrypt what they say; null where they do not
 */
public record GroupConfig(
        MemberLookup lookup,
        int raftOffset,
        InetSocketAddress listen,
        PeerSecret secret,
        @Nullable SocketTls tls) {

    /** Returns where the Raft port of a member is looked for whose HTTP address is known. */
    String raftAddress(String http) {
        HostPort address = HostPort.of(http);
        return address.withPort(address.port() + raftOffset).toString();
    }
}
