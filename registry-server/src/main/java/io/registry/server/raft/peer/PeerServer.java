package io.registry.server.raft.peer;

import io.registry.server.secret.PeerSecret;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what other members ask.
 *
 * <p><b>Threading</b>: one thread for each connection, and one that waits for them.
 */
public final class PeerServer implements Closeable {

    /** Answers one question. */
    public interface Answers {

        /**
         * Returns the answer.
         *
         * @param kind what is asked, as the caller has given it
         * @throws IOException where it cannot be given; the message is what the caller is told
         */
        byte[] answer(int kind, byte[] question) throws IOException;
    }

    static final int PROBE = 255;
    static final int REFUSED = 254;
    static final int ANSWERED = 253;

    private static final Logger LOG = LoggerFactory.getLogger(PeerServer.class);

    /** A connection that asks nothing for this long is closed; a member asks several times a second. */
    private static final int IDLE_MILLIS = 60_000;

    /** A group has few members; each has a few questions under way. */
    private static final int CONNECTIONS_MAX = 128;

    private final PeerSecret secret;
    private final Answers answers;
    private final ExecutorService threads;
    private final ServerSocket server;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger strangers = new AtomicInteger();

    /** Makes a server that listens nowhere yet. */
    public PeerServer(PeerSecret secret, Answers answers, ExecutorService threads) throws IOException {
        this.secret = secret;
        this.answers = answers;
        this.threads = threads;
        this.server = new ServerSocket();
    }

    /** Opens the port. */
    public void open(InetSocketAddress address) throws IOException {
        server.setReuseAddress(true);
        server.bind(address);
        threads.execute(this::accept);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                if (connections.size() >= CONNECTIONS_MAX) {
                    socket.close();
                    continue;
                }
                connections.add(socket);
                threads.execute(() -> serve(socket));
            } catch (IOException | RejectedExecutionException e) {
                if (!server.isClosed()) {
                    LOG.warn("a connection of another member was not taken: cause={}", e.toString());
                }
            }
        }
    }

    private void serve(Socket accepted) {
        try (Socket socket = accepted) {
            PeerSocket peer;
            try {
                peer = PeerSocket.accept(socket, secret);
            } catch (IOException e) {
                if (strangers.getAndIncrement() == 0) {
                    LOG.warn(
                            "a connection to the Raft port was refused, further ones are not logged: from={} cause={}",
                            socket.getRemoteSocketAddress(),
                            e.getMessage());
                }
                return;
            }
            while (true) {
                PeerSocket.Frame question = peer.receive(IDLE_MILLIS);
                peer.send(answer(question));
            }
        } catch (IOException e) {
            LOG.debug("a connection of another member has ended", e);
        } finally {
            connections.remove(accepted);
        }
    }

    private PeerSocket.Frame answer(PeerSocket.Frame question) {
        if (question.kind() == PROBE) {
            return new PeerSocket.Frame(PROBE, new byte[0]);
        }
        try {
            return new PeerSocket.Frame(ANSWERED, answers.answer(question.kind(), question.content()));
        } catch (IOException | RuntimeException e) {
            String message = e.getMessage() == null ? e.toString() : e.getMessage();
            return new PeerSocket.Frame(REFUSED, message.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : connections) {
            socket.close();
        }
    }
}
