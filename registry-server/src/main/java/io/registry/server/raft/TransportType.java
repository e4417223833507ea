package io.registry.server.raft;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.ServerFactory;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;

/**
 * Tells Ratis to use our own transport, which is made by whoever opens a member and handed over as a parameter. Ratis
 * makes an object of this type by its name.
 */
public final class TransportType implements RpcType {

    private static final String TRANSPORT = "registry.transport";

    /** Makes the transport of a member. */
    interface Maker {

        /** Makes the transport. */
        RaftServerRpc make(RaftServer member);

        /** Takes note of what sends to a follower, and returns it. */
        default LogAppender keep(LogAppender appender) {
            return appender;
        }
    }

    /** Returns the parameters that lead {@link #newFactory} to a transport. */
    static Parameters parameters(Maker maker) {
        Parameters parameters = new Parameters();
        parameters.put(TRANSPORT, maker, Maker.class);
        return parameters;
    }

    @Override
    public String name() {
        return TransportType.class.getName();
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        Maker maker = parameters.getNonNull(TRANSPORT, Maker.class);
        return new ServerFactory() {
            @Override
            public RaftServerRpc newRaftServerRpc(RaftServer member) {
                return maker.make(member);
            }

            @Override
            public LogAppender newLogAppender(RaftServer.Division member, LeaderState leader, FollowerInfo follower) {
                return maker.keep(ServerFactory.super.newLogAppender(member, leader, follower));
            }

            @Override
            public RpcType getRpcType() {
                return TransportType.this;
            }
        };
    }
}
