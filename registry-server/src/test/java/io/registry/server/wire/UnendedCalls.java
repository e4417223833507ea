package io.registry.server.wire;

import io.registry.server.testkit.Await;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A gRPC transport on which a message can be begun and left unfinished, which gRPC's own client cannot do: HTTP/2, byte by
 * byte, with just as much of it as a server needs to take the calls.
 *
 * <p><b>Threading</b>: one thread calls; another reads, so that windows are followed and pings answered.
 */
final class UnendedCalls implements AutoCloseable {

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int WINDOW_UPDATE = 8;
    private static final int ACK = 1;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int FRAME_BYTES_MAX = 16_384;
    private static final int PREFIX_BYTES = 5;

    private final Socket socket;
    private final DataOutputStream out;
    private final Map<Integer, Integer> windows = new HashMap<>();
    private final Set<Integer> ended = new HashSet<>();
    private int connectionWindow = 65_535;
    private int initialWindow = 65_535;
    private int nextStream = 1;
    private boolean settled;
    private boolean closed;

    private UnendedCalls(Socket socket) throws IOException {
        this.socket = socket;
        this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    }

    /**
     * Makes a transport.
     *
     * @param port the HTTP port; the gRPC port is this plus 1000
     */
    static UnendedCalls open(int port) {
        try {
            UnendedCalls calls = new UnendedCalls(new Socket(InetAddress.getLoopbackAddress(), port + 1000));
            calls.out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            calls.frame(SETTINGS, 0, 0, new byte[0], 0);
            Thread reader = new Thread(calls::read, "unended-calls");
            reader.setDaemon(true);
            reader.start();
            Await.until("the server's settings are known", Duration.ofSeconds(20), calls::isSettled);
            return calls;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Begins a unary call with a message of a length, and sends so much of it; returns the number of its stream. */
    int begin(int messageBytes, int sentBytes) {
        return begin(messageBytes, FRAME_BYTES_MAX, sentBytes);
    }

    /** Does so in pieces of at most a length. */
    int begin(int messageBytes, int pieceBytes, int sentBytes) {
        int stream = begin();
        try {
            byte[] data = new byte[FRAME_BYTES_MAX];
            for (int i = 1; i < PREFIX_BYTES; i++) {
                data[i] = (byte) (messageBytes >>> (8 * (PREFIX_BYTES - 1 - i)));
            }
            frame(DATA, 0, stream, data, window(stream, PREFIX_BYTES));
            data = new byte[FRAME_BYTES_MAX];
            int left = sentBytes;
            int piece = window(stream, Math.min(left, pieceBytes));
            while (piece > 0) {
                frame(DATA, 0, stream, data, piece);
                left -= piece;
                piece = window(stream, Math.min(left, pieceBytes));
            }
        } catch (IOException e) {
            close();
        }
        return stream;
    }

    /** Begins a unary call without a message, with further headers, given as names and values in turn. */
    int begin(String... more) {
        int stream = nextStream;
        nextStream += 2;
        synchronized (this) {
            windows.put(stream, initialWindow);
        }
        List<String> headers = new ArrayList<>(List.of(
                ":method",
                "POST",
                ":scheme",
                "http",
                ":path",
                "/Request/request",
                ":authority",
                "registry",
                "te",
                "trailers",
                "content-type",
                "application/grpc"));
        headers.addAll(List.of(more));
        byte[] block = headers(headers);
        try {
            frame(HEADERS, END_HEADERS, stream, block, block.length);
        } catch (IOException e) {
            close();
        }
        return stream;
    }

    /** Tells whether the server has ended a call. */
    synchronized boolean ended(int stream) {
        return closed || ended.contains(stream);
    }

    /** Tells whether the transport is closed. */
    synchronized boolean closed() {
        return closed;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until something of so many bytes may be sent, takes it off the windows, and returns it; 0 after the end. */
    private synchronized int window(int stream, int wanted) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!ended(stream)) {
            int may = Math.min(wanted, Math.min(connectionWindow, windows.getOrDefault(stream, 0)));
            if (may > 0 || wanted == 0) {
                connectionWindow -= may;
                windows.merge(stream, -may, Integer::sum);
                return may;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("the server takes no more of stream " + stream);
            }
            try {
                wait(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        return 0;
    }

    private void read() {
        try {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                int lengthAndType = in.readInt();
                int flags = in.readUnsignedByte();
                int stream = in.readInt();
                byte[] payload = new byte[lengthAndType >>> 8];
                in.readFully(payload);
                received(lengthAndType & 0xff, flags, stream, payload);
            }
        } catch (IOException e) {
            synchronized (this) {
                closed = true;
                notifyAll();
            }
        }
    }

    private void received(int type, int flags, int stream, byte[] payload) throws IOException {
        if (type == SETTINGS && (flags & ACK) == 0) {
            settings(payload);
            frame(SETTINGS, ACK, 0, payload, 0);
            settled();
        } else if (type == PING && (flags & ACK) == 0) {
            frame(PING, ACK, 0, payload, payload.length);
        }
        synchronized (this) {
            if (type == WINDOW_UPDATE && stream == 0) {
                connectionWindow += number(payload, 0);
            } else if (type == WINDOW_UPDATE) {
                windows.merge(stream, number(payload, 0), Integer::sum);
            } else if (type == RST_STREAM || (type == HEADERS && (flags & END_STREAM) != 0)) {
                ended.add(stream);
            }
            notifyAll();
        }
    }

    private synchronized void settled() {
        settled = true;
    }

    private synchronized boolean isSettled() {
        return settled;
    }

    private synchronized void settings(byte[] payload) {
        for (int i = 0; i < payload.length; i += 6) {
            if (payload[i] == 0 && payload[i + 1] == INITIAL_WINDOW_SIZE) {
                int change = number(payload, i + 2) - initialWindow;
                initialWindow += change;
                windows.replaceAll((stream, window) -> window + change);
            }
        }
    }

    /** Writes one frame. Two threads do: what is sent, and what answers the server. */
    private void frame(int type, int flags, int stream, byte[] payload, int length) throws IOException {
        synchronized (out) {
            out.writeInt(length << 8 | type);
            out.writeByte(flags);
            out.writeInt(stream);
            out.write(payload, 0, length);
            out.flush();
        }
    }

    private static int number(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | bytes[at + 3] & 0xff;
    }

    /** Writes names and values, given in turn, as literals that nobody remembers. */
    private static byte[] headers(List<String> namesAndValues) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.size(); i++) {
            if (i % 2 == 0) {
                block.write(0);
            }
            byte[] text = namesAndValues.get(i).getBytes(StandardCharsets.US_ASCII);
            length(text.length, block);
            block.writeBytes(text);
        }
        return block.toByteArray();
    }

    /** Writes a length as HPACK does: seven bits in the first byte, and the rest in groups of seven. */
    private static void length(int length, ByteArrayOutputStream block) {
        if (length < 127) {
            block.write(length);
            return;
        }
        block.write(127);
        int rest = length - 127;
        while (rest >= 128) {
            block.write(rest & 127 | 128);
            rest >>>= 7;
        }
        block.write(rest);
    }
}
