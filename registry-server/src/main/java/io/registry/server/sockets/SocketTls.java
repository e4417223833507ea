package io.registry.server.sockets;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * How members speak TLS with each other on a port that is served with a thread for each connection: each shows its
 * certificate to the other one, whichever of them has called. The certificate may be another one at any time: connections
 * that are there keep theirs.
 *
 * <p><b>Threading</b>: any; {@link #accepted} and {@link #called} block, until who has the socket closes it.
 */
public final class SocketTls {

    /**
     * What is read from a connection and written to it. To end it is to close the socket beneath: the seals of what
     * members say show what is missing, so nobody has to say good-bye, which could block.
     */
    public record Streams(InputStream in, OutputStream out) {

        /** Returns those of a socket. */
        public static Streams of(Socket socket) throws IOException {
            return new Streams(socket.getInputStream(), socket.getOutputStream());
        }
    }

    private final ConnectionKinds kinds;
    private final boolean calls;
    private volatile @Nullable SSLSocketFactory sockets;

    /**
     * Makes it without certificates yet; nothing is taken and nobody called encrypted before {@link #use}.
     *
     * @param required whether connections without TLS are closed
     * @param calls whether this node's own connections are encrypted
     */
    public SocketTls(boolean required, boolean calls) {
        this.kinds = new ConnectionKinds(required);
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
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), members.getTrustManagers(), null);
            sockets = context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new SSLException(e);
        }
    }

    /** Returns how many connections there were, by how they began: {@code tls}, {@code plain}, {@code refused}. */
    public Map<String, LongAdder> connections() {
        return kinds.counts();
    }

    /**
     * Returns the streams of a connection that has come in, when it is clear whether it is encrypted, and by whom.
     *
     * @throws IOException where it is not taken; nothing was said then but, to who speaks TLS, what TLS says
     */
    public Streams accepted(Socket socket) throws IOException {
        int first = socket.getInputStream().read();
        if (first < 0) {
            // Whoever looks whether the port is open is nobody who has begun in one way or the other.
            throw new EOFException("ended before its first byte");
        }
        SSLSocketFactory factory = sockets;
        if (first == ConnectionKinds.TLS_HANDSHAKE && factory != null) {
            kinds.encrypted(true);
            SSLSocket encrypted = (SSLSocket)
                    factory.createSocket(socket, new ByteArrayInputStream(new byte[] {(byte) first}), false);
            encrypted.setNeedClientAuth(true);
            encrypted.startHandshake();
            return Streams.of(encrypted);
        }
        if (!kinds.takesPlain()) {
            throw new IOException("without TLS (expected: TLS, with registry.tls.cluster=required here)");
        }
        PushbackInputStream whole = new PushbackInputStream(socket.getInputStream(), 1);
        whole.unread(first);
        return new Streams(whole, socket.getOutputStream());
    }

    /**
     * Returns the streams of a connection that this node has made, encrypted where that is wanted.
     *
     * @param host as it was configured, which the other's certificate has to be for
     * @throws IOException where the other one speaks no TLS, or shows a certificate that is not taken
     */
    public Streams called(Socket socket, String host) throws IOException {
        if (!calls) {
            return Streams.of(socket);
        }
        SSLSocketFactory factory = sockets;
        if (factory == null) {
            throw new IllegalStateException(
                    "no certificate to call members with (expected: one before the first call)");
        }
        SSLSocket encrypted = (SSLSocket) factory.createSocket(socket, host, socket.getPort(), false);
        SSLParameters parameters = encrypted.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        encrypted.setSSLParameters(parameters);
        try {
            encrypted.startHandshake();
        } catch (SSLException e) {
            throw new SSLException(
                    e.getMessage() + " (expected: a member that speaks TLS, with a certificate for " + host + ")", e);
        }
        return Streams.of(encrypted);
    }
}
