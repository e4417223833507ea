package io.registry.server.raft;

import io.registry.server.core.cluster.HostPort;
import io.registry.server.raft.peer.PeerClient;
import io.registry.server.secret.PeerSecret;
import io.registry.server.sockets.SocketTls;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One client for each address, made when it is first needed.
 *
 * <p><b>Threading</b>: any.
 */
final class PeerClients implements Closeable {

    private final PeerSecret secret;
    private final @Nullable SocketTls tls;
    private final Map<String, PeerClient> byAddress = new ConcurrentHashMap<>();

    PeerClients(PeerSecret secret, @Nullable SocketTls tls) {
        this.secret = secret;
        this.tls = tls;
    }

    /** Returns the client to {@code host:port}. */
    PeerClient to(String address) {
        return byAddress.computeIfAbsent(address, each -> new PeerClient(socketAddress(each), secret, tls));
    }

    static InetSocketAddress socketAddress(String address) {
        HostPort parts = HostPort.of(address);
        return InetSocketAddress.createUnresolved(parts.bareHost(), parts.port());
    }

    @Override
    public void close() throws IOException {
        for (PeerClient client : byAddress.values()) {
            client.close();
        }
    }
}
