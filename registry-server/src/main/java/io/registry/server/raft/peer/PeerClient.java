package io.registry.server.raft.peer;

import io.registry.server.secret.PeerSecret;
import io.registry.server.sockets.SocketTls;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/**
 * Asks one other member. Each question has a connection to itself until it is answered; connections are kept for the
 * next ones.
 *
 * <p><b>Threading</b>: any; a call blocks.
 */
public final class PeerClient implements Closeable {

    /** The other member has answered that it cannot do what was asked. */
    public static final class Refused extends IOException {

        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    /** The question has not reached the other member: it may be asked again without asking twice. */
    public static final class Unreached extends IOException {

        private static final long serialVersionUID = 1L;

        Unreached(IOException cause) {
            super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
        }
    }

    private final InetSocketAddress address;
    private final PeerSecret secret;
    private final @Nullable SocketTls tls;
    private final ConcurrentLinkedDeque<PeerSocket> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    /**
     * Makes a client; nothing is connected yet.
     *
     * @param tls how members encrypt what they say; null where they do not
     */
    public PeerClient(InetSocketAddress address, PeerSecret secret, @Nullable SocketTls tls) {
        this.address = address;
        this.secret = secret;
        this.tls = tls;
    }

    /**
     * Asks what may be asked twice, and waits for the answer.
     *
     * @param kind what is asked, 0..200
     * @param millis how long the answer may take
     */
    public byte[] call(int kind, byte[] question, int millis) throws IOException {
        PeerSocket kept = idle.pollFirst();
        if (kept != null) {
            try {
                return ask(kept, kind, question, millis);
            } catch (SocketTimeoutException | Refused e) {
                throw e;
            } catch (IOException e) {
                // Closed by the other side meanwhile.
            }
        }
        return ask(connect(), kind, question, millis);
    }

    /**
     * Asks what must not be asked twice: makes sure first that the other member is there.
     *
     * @throws Unreached where it was not asked
     */
    public byte[] callOnce(int kind, byte[] question, int millis) throws IOException {
        PeerSocket socket = idle.pollFirst();
        if (socket != null) {
            try {
                socket.send(new PeerSocket.Frame(PeerServer.PROBE, new byte[0]));
                socket.receive(millis);
            } catch (IOException e) {
                socket.close();
                socket = null;
            }
        }
        return ask(socket == null ? connect() : socket, kind, question, millis);
    }

    private PeerSocket connect() throws Unreached {
        try {
            return PeerSocket.connect(address, secret, tls);
        } catch (IOException e) {
            throw new Unreached(e);
        }
    }

    private byte[] ask(PeerSocket socket, int kind, byte[] question, int millis) throws IOException {
        PeerSocket.@Nullable Frame answer = null;
        try {
            socket.send(new PeerSocket.Frame(kind, question));
            answer = socket.receive(millis);
        } finally {
            if (answer == null || closed) {
                socket.close();
            } else {
                idle.addFirst(socket);
                if (closed) {
                    close();
                }
            }
        }
        if (answer.kind() == PeerServer.REFUSED) {
            throw new Refused(new String(answer.content(), StandardCharsets.UTF_8));
        }
        return answer.content();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        for (PeerSocket socket = idle.poll(); socket != null; socket = idle.poll()) {
            socket.close();
        }
    }
}
