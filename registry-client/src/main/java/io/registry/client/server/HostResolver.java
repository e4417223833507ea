package io.registry.client.server;

import io.registry.client.runtime.ClientRuntime;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;

/**
 * Finds the IP of a server: of a name anew each time, where the loop does not wait for it.
 *
 * <p><b>Threading</b>: for the client loop, on which the result arrives as well.
 */
public final class HostResolver {

    private final ClientRuntime runtime;

    /** Makes a resolver. */
    public HostResolver(ClientRuntime runtime) {
        this.runtime = runtime;
    }

    /** Returns where to connect. */
    public CompletableFuture<InetSocketAddress> resolve(ServerAddress server, int port) {
        if (server.isLiteral()) {
            return CompletableFuture.completedFuture(new InetSocketAddress(server.host(), port));
        }
        CompletableFuture<InetSocketAddress> result = new CompletableFuture<>();
        runtime.blocking().execute(() -> {
            try {
                InetAddress[] found = InetAddress.getAllByName(server.host());
                InetAddress chosen = found[(int) (runtime.loop().random() * found.length)];
                runtime.loop().execute(() -> result.complete(new InetSocketAddress(chosen, port)));
            } catch (UnknownHostException e) {
                runtime.loop().execute(() -> result.completeExceptionally(e));
            }
        });
        return result;
    }
}
