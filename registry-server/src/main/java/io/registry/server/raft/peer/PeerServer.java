package io.registry.server.raft.peer;

import io.registry.server.secret.PeerSecret;
import io.registry.server.sockets.LogGate;
import io.registry.server.sockets.SocketTls;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what other members ask. A stranger costs a socket and a thread, for as long as a handshake may take, and gets
 * nothing.
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
    private static final int MEMBERS_MAX = 128;

    /** How many may be about to prove themselves; each has a thread meanwhile. */
    private static final int STRANGERS_MAX = 32;

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final PeerSecret secret;
    private final @Nullable SocketTls tls;
    private final Answers answers;
    private final ExecutorService threads;
    private final ServerSocket server;
    private final Set<Socket> members = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedDeque<Socket> strangers = new ConcurrentLinkedDeque<>();
    private final LogGate refusals = new LogGate(System::nanoTime);

    /**
     * Makes a server that listens nowhere yet.
     *
     * @param tls how members encrypt what they say; null where they do not
     */
    public PeerServer(PeerSecret secret, @Nullable SocketTls tls, Answers answers, ExecutorService threads)
            throws IOException {
        this.secret = secret;
        this.tls = tls;
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
                begin(server.accept());
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                // For want of file descriptors or threads, which does not pass at once; the port has to outlast it.
                if (!server.isClosed()) {
                    if (refusals.open()) {
                        LOG.warn("connections to the Raft port cannot be taken: cause={}", e.toString());
                    }
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        }
    }

    private void begin(Socket socket) throws IOException {
        boolean begun = false;
        try {
            strangers.addLast(socket);
            // The one that has taken longest to prove itself: members do it at once, so a crowd keeps none out.
            Socket oldest = strangers.size() > STRANGERS_MAX ? strangers.pollFirst() : null;
            if (oldest != null) {
                oldest.close();
            }
            threads.execute(() -> serve(socket));
            begun = true;
        } finally {
            if (!begun) {
                strangers.remove(socket);
                socket.close();
            }
        }
    }

    private void serve(Socket accepted) {
        try (Socket socket = accepted) {
            PeerSocket peer = admit(socket);
            while (peer != null) {
                PeerSocket.Frame question = peer.receive(IDLE_MILLIS);
                peer.send(answer(question));
            }
        } catch (IOException e) {
            LOG.debug("a connection of another member has ended", e);
        } finally {
            strangers.remove(accepted);
            members.remove(accepted);
        }
    }

    /** Returns the connection of a member; null where it is none, or one too many. */
    private @Nullable PeerSocket admit(Socket socket) {
        try {
            PeerSocket peer = PeerSocket.accept(socket, secret, tls);
            members.add(socket);
            strangers.remove(socket);
            if (server.isClosed()) {
                throw new IOException("closed meanwhile");
            }
            if (members.size() > MEMBERS_MAX) {
                throw new IOException(
                        "connections of members: " + members.size() + " (expected: at most " + MEMBERS_MAX + ")");
            }
            return peer;
        } catch (IOException e) {
            if (refusals.open()) {
                LOG.warn(
                        "a connection to the Raft port was refused, and so may be others that are not logged for a while:"
                                + " from={} cause={}",
                        socket.getRemoteSocketAddress(),
                        e.getMessage());
            }
            return null;
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
        for (Socket socket : members) {
            socket.close();
        }
        for (Socket socket : strangers) {
            socket.close();
        }
    }
}
