package io.registry.server.udp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The texts of the datagrams: what is sent around the data, and what comes back. */
final class UdpAcknowledgement {

    /** No acknowledgement could be read. */
    static final long NONE = Long.MIN_VALUE;

    private static final String FIELD = "\"lastRefTime\"";

    /** The longest acknowledgement that is looked at: a client's has some 60 bytes. */
    private static final int LENGTH_MAX = 512;

    private UdpAcknowledgement() {}

    /** Returns the message that carries the data, which is a JSON text inside a JSON string. */
    static String message(String data, long reference) {
        StringBuilder message = new StringBuilder(data.length() * 5 / 4 + 64);
        message.append("{\"type\":\"dom\",\"data\":\"");
        for (int i = 0; i < data.length(); i++) {
            char c = data.charAt(i);
            if (c == '"' || c == '\\') {
                message.append('\\');
            }
            message.append(c);
        }
        return message.append("\",\"lastRefTime\":")
                .append(reference)
                .append('}')
                .toString();
    }

    /**
     * Reads the key of an acknowledgement, {@link #NONE} where there is none. Some clients write it as a number and
     * some as a string; nothing else of the datagram matters.
     */
    static long reference(ByteBuffer datagram) {
        if (datagram.remaining() == 0 || datagram.remaining() > LENGTH_MAX) {
            return NONE;
        }
        String text = StandardCharsets.ISO_8859_1.decode(datagram).toString();
        int at = text.indexOf(FIELD);
        if (at < 0 || !text.contains("-ack\"")) {
            return NONE;
        }
        at += FIELD.length();
        while (at < text.length() && ": \"".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        int end = at;
        while (end < text.length() && "-0123456789".indexOf(text.charAt(end)) >= 0) {
            end++;
        }
        try {
            return Long.parseLong(text.substring(at, end));
        } catch (NumberFormatException e) {
            return NONE;
        }
    }
}
