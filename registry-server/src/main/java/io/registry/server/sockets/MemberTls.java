package io.registry.server.sockets;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * How members speak TLS with each other, over the cluster port and the Raft port: each shows its certificate to the other
 * one, whichever of them has called.
 *
 * <p><b>Threading</b>: any.
 */
public final class MemberTls {

    private final PortTls incoming;
    private final SocketTls raft;
    private final boolean calls;
    private volatile @Nullable SslContext outgoing;

    /**
     * Makes it without certificates yet; nothing is taken and nobody called encrypted before {@link #use}.
     *
     * @param required whether connections without TLS are closed
     * @param calls whether this node's own connections are encrypted
     */
    public MemberTls(boolean required, boolean calls) {
        this.incoming = new PortTls(required);
        this.raft = new SocketTls(required, calls);
        this.calls = calls;
    }

    /**
     * Sets what connections from now on are made and served with.
     *
     * @param keys the certificate of this node and its key
     * @param members who signs the certificates of members
     * @throws SSLException where that cannot be used; what was used before stays
     */
    public void use(KeyManagerFactory keys, TrustManagerFactory members) throws SSLException {
        SslContext next = GrpcSslContexts.configure(
                        SslContextBuilder.forClient().keyManager(keys).trustManager(members))
                .build();
        raft.use(keys, members);
        incoming.use(keys, members);
        outgoing = next;
    }

    /** Returns how they speak it over the Raft port. */
    public SocketTls raft() {
        return raft;
    }

    /** Returns how connections of other members to the cluster port are served. */
    public PortTls incoming() {
        return incoming;
    }

    /**
     * Returns what a connection to the cluster port of another member is made with; null where it is not encrypted.
     *
     * @throws IllegalStateException where it would have to be, and there is no certificate yet
     */
    public @Nullable SslContext outgoing() {
        SslContext present = outgoing;
        if (calls && present == null) {
            throw new IllegalStateException(
                    "no certificate to call members with (expected: one before the first call)");
        }
        return calls ? present : null;
    }
}
