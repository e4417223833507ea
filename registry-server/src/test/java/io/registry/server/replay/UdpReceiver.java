package io.registry.server.replay;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a client of the first API does with pushes: receives datagrams, unpacks them, acknowledges them when asked to. */
final class UdpReceiver implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int DATAGRAM_BYTES_MAX = 65_536;

    private final DatagramSocket socket;

    private UdpReceiver(DatagramSocket socket) {
        this.socket = socket;
    }

    static UdpReceiver open() {
        try {
            return new UdpReceiver(new DatagramSocket(0, InetAddress.getLoopbackAddress()));
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A datagram: its bytes as they came, and what is in them. */
    record Push(String hex, boolean compressed, JsonNode packet, InetSocketAddress from) {

        /** Returns the service object, which travels as a text. */
        JsonNode data() {
            return JSON.readTree(packet.path("data").asString());
        }
    }

    int port() {
        return socket.getLocalPort();
    }

    /** Returns the next datagram, or null when none comes in time. */
    @Nullable
    Push receive(Duration within) {
        byte[] buffer = new byte[DATAGRAM_BYTES_MAX];
        DatagramPacket datagram = new DatagramPacket(buffer, buffer.length);
        try {
            socket.setSoTimeout((int) within.toMillis());
            socket.receive(datagram);
            byte[] bytes = Arrays.copyOf(buffer, datagram.getLength());
            boolean compressed = bytes.length > 1 && bytes[0] == 0x1f && (bytes[1] & 0xff) == 0x8b;
            byte[] plain = compressed ? new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes() : bytes;
            JsonNode packet = JSON.readTree(new String(plain, StandardCharsets.UTF_8));
            return new Push(HexFormat.of().formatHex(bytes), compressed, packet, (InetSocketAddress)
                    datagram.getSocketAddress());
        } catch (SocketTimeoutException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the next datagram, acknowledged; fails when none comes in time. */
    Push receiveAndAcknowledge(Duration within) {
        Push push = next(within);
        acknowledge(push);
        return push;
    }

    /** Returns the next datagram without acknowledging it; fails when none comes in time. */
    Push next(Duration within) {
        Push push = receive(within);
        if (push == null) {
            throw new AssertionError("no datagram within " + within);
        }
        return push;
    }

    /** Sends the acknowledgement of the Java and Go clients, in which the reference is a text. */
    void acknowledge(Push push) {
        String text = "{\"type\":\"push-ack\",\"lastRefTime\":\""
                + push.packet().path("lastRefTime").asLong() + "\",\"data\":\"\"}";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            socket.send(new DatagramPacket(bytes, bytes.length, push.from()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
