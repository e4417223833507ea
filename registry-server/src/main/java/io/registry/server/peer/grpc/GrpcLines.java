package io.registry.server.peer.grpc;

import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.peer.PeerConfig;
import io.registry.server.peer.line.LinePort;
import io.registry.server.peer.line.Lines;

/** Lines over the cluster port of each member. */
public final class GrpcLines implements Lines {

    private final PeerConfig config;

    /** Makes what carries lines as the settings say. */
    public GrpcLines(PeerConfig config) {
        this.config = config;
    }

    @Override
    public String addressOf(ClusterMember member) {
        return member.cluster();
    }

    @Override
    public LinePort port(Runnable refused) {
        return new GrpcPort(config, refused);
    }
}
