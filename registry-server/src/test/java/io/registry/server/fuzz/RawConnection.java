package io.registry.server.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A connection on which any bytes can be sent, unlike through a client that knows the protocol. */
final class RawConnection implements AutoCloseable {

    private static final int CONNECT_MILLIS_MAX = 5_000;
    private static final int ANSWER_BYTES_MAX = 16 * 1024 * 1024;

    private final Socket socket;

    private RawConnection(Socket socket) {
        this.socket = socket;
    }

    /** An answer; status 0 when the server closed the connection without one. */
    record Answer(int status, String head, String body) {}

    static RawConnection open(int port, int readMillisMax) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS_MAX);
        socket.setSoTimeout(readMillisMax);
        return new RawConnection(socket);
    }

    /** Sends bytes; false when the server has closed the connection. */
    boolean send(byte[]... parts) throws IOException {
        OutputStream out = socket.getOutputStream();
        try {
            for (byte[] part : parts) {
                out.write(part);
            }
            out.flush();
            return true;
        } catch (SocketException e) {
            return false;
        }
    }

    /** Says that nothing more is sent. */
    void endOutput() throws IOException {
        try {
            socket.shutdownOutput();
        } catch (SocketException e) {
            // The server has closed the connection.
        }
    }

    /** Reads until the server closes the connection, and returns what came as one answer. */
    Answer receive() throws IOException {
        return parse(receiveBytes());
    }

    /** Reads until the server closes the connection. */
    byte[] receiveBytes() throws IOException {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        try {
            for (int n = socket.getInputStream().read(buffer);
                    n >= 0 && received.size() < ANSWER_BYTES_MAX;
                    n = socket.getInputStream().read(buffer)) {
                received.write(buffer, 0, n);
            }
        } catch (SocketException e) {
            // Reset: the server closed while bytes of ours were still on the way.
        }
        return received.toByteArray();
    }

    /** Returns whether the server closes the connection before the time to read is over. */
    boolean isClosedByServer() throws IOException {
        try {
            receive();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    private static Answer parse(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (!text.startsWith("HTTP/1.1 ") || end < 0) {
            return new Answer(0, text, "");
        }
        int status = Integer.parseInt(text.substring(9, 12));
        String body = new String(Arrays.copyOfRange(bytes, end + 4, bytes.length), StandardCharsets.UTF_8);
        return new Answer(status, text.substring(0, end), body);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
