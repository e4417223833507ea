package io.registry.server.sockets;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * With which certificate a port speaks TLS, and whether it also speaks without. The certificate may be another one at any
 * time: connections that are there keep theirs.
 *
 * <p><b>Threading</b>: any.
 */
public final class PortTls {

    private final ConnectionKinds kinds;
    private volatile @Nullable SslContext context;

    /**
     * Makes a port's TLS; it takes no connection before {@link #use}.
     *
     * @param required whether connections without TLS are closed
     */
    public PortTls(boolean required) {
        this.kinds = new ConnectionKinds(required);
    }

    /**
     * Sets what connections from now on are served with.
     *
     * @param keys the certificate and its key
     * @param clients who signs the certificates of clients, which then have to show one; null where none is asked for
     * @throws SSLException where that cannot be used; what was used before stays
     */
    public void use(KeyManagerFactory keys, @Nullable TrustManagerFactory clients) throws SSLException {
        SslContextBuilder builder = GrpcSslContexts.configure(SslContextBuilder.forServer(keys));
        if (clients != null) {
            builder.trustManager(clients).clientAuth(ClientAuth.REQUIRE);
        }
        context = builder.build();
    }

    /** Returns how many connections there were, by how they began: {@code tls}, {@code plain}, {@code refused}. */
    public Map<String, LongAdder> connections() {
        return kinds.counts();
    }

    /** Returns what a connection that begins with TLS is served with, and counts it; null where there is nothing yet. */
    @Nullable
    SslContext begunEncrypted() {
        SslContext present = context;
        kinds.encrypted(present != null);
        return present;
    }

    /** Returns whether a connection that begins without TLS is taken, and counts it. */
    boolean begunPlain() {
        return kinds.takesPlain();
    }
}
