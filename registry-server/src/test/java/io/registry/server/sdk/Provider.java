package io.registry.server.sdk;

import io.registry.api.NamingService;
import io.registry.api.model.Instance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Takes connections, answers each with one byte. */
final class Provider implements AutoCloseable {

    private final ServerSocket socket;

    private Provider(ServerSocket socket) {
        this.socket = socket;
    }

    static Provider start(NamingService naming, String service) throws IOException {
        Provider provider = new Provider(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        Thread thread = new Thread(provider::serve, "provider");
        thread.setDaemon(true);
        thread.start();
        naming.registerInstance(service, provider.instance());
        return provider;
    }

    Instance instance() {
        return Instance.of("127.0.0.1", socket.getLocalPort());
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket caller = socket.accept()) {
                caller.getOutputStream().write(1);
            } catch (IOException e) {
                // Closed, or the caller went: its own count says whether that was a failure.
            }
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
