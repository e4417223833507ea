package io.registry.client.grpc;

import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.registry.client.runtime.ClientRuntime;
import io.registry.client.server.HostResolver;
import io.registry.client.server.ServerAddress;
import io.registry.client.tls.TlsContexts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Finds out where to connect to, and with what certificates there are now; both may take a while, and not on the loop.
 *
 * <p><b>Threading</b>: for the client loop, on which the result arrives as well.
 */
final class Destinations {

    /**
     * Where to connect to.
     *
     * @param tls what the connection is encrypted with; null for no encryption
     */
    record Destination(InetSocketAddress address, @Nullable SslContext tls) {}

    private final ClientRuntime runtime;
    private final HostResolver resolver;
    private final @Nullable TlsContexts tls;

    Destinations(ClientRuntime runtime, @Nullable TlsContexts tls) {
        this.runtime = runtime;
        this.resolver = new HostResolver(runtime);
        this.tls = tls;
    }

    CompletableFuture<Destination> find(ServerAddress server, int port) {
        CompletableFuture<InetSocketAddress> address = resolver.resolve(server, port);
        TlsContexts contexts = tls;
        return contexts == null
                ? address.thenApply(found -> new Destination(found, null))
                : address.thenCompose(found -> encrypted(found, contexts));
    }

    private CompletableFuture<Destination> encrypted(InetSocketAddress address, TlsContexts contexts) {
        CompletableFuture<Destination> result = new CompletableFuture<>();
        runtime.blocking().execute(() -> {
            try {
                Destination found = new Destination(address, contexts.grpc());
                runtime.loop().execute(() -> result.complete(found));
            } catch (IOException | RuntimeException e) {
                runtime.loop().execute(() -> result.completeExceptionally(e));
            }
        });
        return result;
    }
}
