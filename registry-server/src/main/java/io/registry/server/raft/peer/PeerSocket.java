package io.registry.server.raft.peer;

import io.registry.server.secret.PeerSecret;
import io.registry.server.secret.Seal;
import io.registry.server.sockets.SocketTls;
import io.registry.server.sockets.SocketTls.Streams;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection between two members. Each side proves, before anything else is said, that it knows the secret, and seals
 * every frame, so that nobody between them can add, change, repeat or reorder one. Frames can be read by who listens, unless
 * there is TLS beneath: the secret is never sent, what is replicated is.
 *
 * <p>A frame is its length, a kind, its content and its seal. Numbers are big-endian.
 *
 * <p><b>Threading</b>: for one thread at a time.
 */
final class PeerSocket implements Closeable {

    /** A frame: what is asked, or how it is answered. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Frame(int kind, byte[] content) {}

    /** Entries and parts of snapshots come in pieces of a megabyte. */
    static final int FRAME_BYTES_MAX = 8 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(PeerSocket.class);

    private static final byte[] MARK = "registry-raft-1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int CONNECT_MILLIS = 1_000;

    /** For the whole handshake, however slowly its bytes come. */
    private static final int HANDSHAKE_MILLIS = 3_000;

    private static final String NO_HANDSHAKE = "no handshake";

    /** For a frame of the greatest length over a slow network. */
    private static final int SEND_MILLIS = 30_000;

    private static final String CALLER = "caller";
    private static final String CALLED = "called";

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final Seal sending;
    private final Seal receiving;

    private PeerSocket(Socket socket, Streams streams, byte[] sendKey, byte[] receiveKey) {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(streams.in(), 1 << 16));
        this.out = new DataOutputStream(new BufferedOutputStream(streams.out(), 1 << 16));
        this.sending = new Seal(sendKey);
        this.receiving = new Seal(receiveKey);
    }

    /**
     * Connects to a member and makes sure that it is one.
     *
     * @param tls how members encrypt what they say; null where they do not
     */
    static PeerSocket connect(InetSocketAddress address, PeerSecret secret, @Nullable SocketTls tls)
            throws IOException {
        String host = address.getHostString();
        Socket socket = new Socket();
        try {
            // Resolved anew each time: a member may come back elsewhere.
            socket.connect(new InetSocketAddress(host, address.getPort()), CONNECT_MILLIS);
            return inTime(
                    socket,
                    HANDSHAKE_MILLIS,
                    NO_HANDSHAKE,
                    () -> shake(socket, tls == null ? Streams.of(socket) : tls.called(socket, host), secret, true));
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Takes a connection that has come in, and makes sure that it is from a member. */
    static PeerSocket accept(Socket socket, PeerSecret secret, @Nullable SocketTls tls) throws IOException {
        return inTime(
                socket,
                HANDSHAKE_MILLIS,
                NO_HANDSHAKE,
                () -> shake(socket, tls == null ? Streams.of(socket) : tls.accepted(socket), secret, false));
    }

    /** What is done with a connection. */
    private interface Step<T> {

        T take() throws IOException;
    }

    /**
     * Takes a step that may block, and ends it by closing the socket where it is not over in time: a handshake whose bytes
     * come now and then, or a frame to a member that went without a word, which the system would try to send for minutes.
     */
    private static <T> T inTime(Socket socket, int millis, String what, Step<T> step) throws IOException {
        CompletableFuture<Void> over = new CompletableFuture<>();
        var unused = over.orTimeout(millis, TimeUnit.MILLISECONDS).exceptionally(late -> {
            end(socket);
            return null;
        });
        try {
            T made = step.take();
            if (over.complete(null)) {
                return made;
            }
        } catch (IOException e) {
            if (over.complete(null)) {
                throw e;
            }
        }
        throw new SocketTimeoutException(what + " within " + millis + " ms");
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("a socket closes badly", e);
        }
    }

    private static PeerSocket shake(Socket socket, Streams streams, PeerSecret secret, boolean calling)
            throws IOException {
        socket.setTcpNoDelay(true);
        byte[] mine = PeerSecret.nonce();
        if (calling) {
            say(streams, MARK, mine);
        }
        if (!Arrays.equals(hear(streams, MARK.length), MARK)) {
            throw new IOException("not a member's port, or a member's of another version");
        }
        byte[] theirs = hear(streams, PeerSecret.NONCE_BYTES);
        if (!calling) {
            // Not before the caller has begun: who looks what is here is told nothing.
            say(streams, MARK, mine);
        }
        byte[] caller = calling ? mine : theirs;
        byte[] called = calling ? theirs : mine;
        // The caller proves itself first: who does not know the secret learns nothing to guess it from.
        if (!calling) {
            checkProof(streams, secret.proof(CALLER, caller, called));
        }
        say(streams, secret.proof(calling ? CALLER : CALLED, caller, called));
        if (calling) {
            checkProof(streams, secret.proof(CALLED, caller, called));
        }
        return new PeerSocket(
                socket,
                streams,
                secret.proof("key of the " + (calling ? CALLER : CALLED), caller, called),
                secret.proof("key of the " + (calling ? CALLED : CALLER), caller, called));
    }

    private static void checkProof(Streams streams, byte[] expected) throws IOException {
        if (!PeerSecret.same(hear(streams, PeerSecret.PROOF_BYTES), expected)) {
            throw new IOException("the other side does not know the secret of this cluster (expected: the same"
                    + " registry.cluster.name and registry.cluster.secret on every member)");
        }
    }

    private static void say(Streams streams, byte[]... parts) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        streams.out().write(all.toByteArray());
    }

    private static byte[] hear(Streams streams, int length) throws IOException {
        byte[] heard = streams.in().readNBytes(length);
        if (heard.length < length) {
            throw new EOFException("the other side has closed the connection during the handshake");
        }
        return heard;
    }

    /** Sends a frame. */
    void send(Frame frame) throws IOException {
        if (frame.content().length > FRAME_BYTES_MAX) {
            throw new IOException(
                    "frame: " + frame.content().length + " bytes (expected: at most " + FRAME_BYTES_MAX + ")");
        }
        var unused = inTime(socket, SEND_MILLIS, "frame not sent", () -> {
            out.writeInt(frame.content().length);
            out.writeByte(frame.kind());
            out.write(frame.content());
            out.write(sending.next(frame.kind(), frame.content()));
            out.flush();
            return frame;
        });
    }

    /**
     * Receives a frame.
     *
     * @param millis how long to wait for it
     */
    Frame receive(int millis) throws IOException {
        socket.setSoTimeout(millis);
        int length = in.readInt();
        if (length < 0 || length > FRAME_BYTES_MAX) {
            throw new IOException("frame: " + length + " bytes (expected: 0.." + FRAME_BYTES_MAX + ")");
        }
        int kind = in.readUnsignedByte();
        byte[] content = in.readNBytes(length);
        byte[] seal = in.readNBytes(Seal.BYTES);
        if (content.length < length || !PeerSecret.same(seal, receiving.next(kind, content))) {
            throw new IOException("frame: cut off or changed on its way");
        }
        return new Frame(kind, content);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
