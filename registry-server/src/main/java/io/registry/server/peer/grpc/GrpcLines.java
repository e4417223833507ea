package io.registry.server.peer.grpc;

import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.peer.PeerConfig;
import io.registry.server.peer.line.LinePort;
import io.registry.server.peer.line.Lines;
import io.registry.server.sockets.MemberTls;
import org.jspecify.annotations.Nullable;

/** Lines over the cluster port of each member. */
public final class GrpcLines implements Lines {

    private final PeerConfig config;
    private final @Nullable MemberTls tls;

    /**
     * Makes what carries lines as the settings say.
     *
     * @param tls how they are encrypted; null where they are not
     */
    public GrpcLines(PeerConfig config, @Nullable MemberTls tls) {
        this.config = config;
        this.tls = tls;
    }

    @Override
    public String addressOf(ClusterMember member) {
        return member.cluster();
    }

    @Override
    public LinePort port(Runnable refused) {
        return new GrpcPort(config, tls, refused);
    }
}
