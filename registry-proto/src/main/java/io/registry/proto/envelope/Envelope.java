package io.registry.proto.envelope;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A received message: its type, its headers and its JSON body.
 *
 * <p>The body is a range of the array the message came in; nobody may write to it. What the sender left out is empty.
 *
 * <p><b>Threading</b>: immutable.
 */
public final class Envelope {

    /** The most headers of a message. Clients send at most six. */
    public static final int HEADERS_MAX = 128;

    /** The most bytes of type, headers and address together; a header may hold a token of some kilobytes. */
    public static final int METADATA_BYTES_MAX = 64 * 1024;

    private final String type;
    private final Map<String, String> headers;
    private final String clientIp;
    private final byte[] array;
    private final int offset;
    private final int length;
    private final @Nullable String defect;

    Envelope(String type, Map<String, String> headers, String clientIp, byte[] array, int offset, int length) {
        this.type = type;
        this.headers = headers;
        this.clientIp = clientIp;
        this.array = array;
        this.offset = offset;
        this.length = length;
        this.defect = null;
    }

    private Envelope(String defect) {
        this.type = "";
        this.headers = Map.of();
        this.clientIp = "";
        this.array = new byte[0];
        this.offset = 0;
        this.length = 0;
        this.defect = defect;
    }

    /**
     * Makes what stands for a message that cannot be read. Whoever takes messages from gRPC has to look at
     * {@link #defect()} first: a failure thrown while gRPC reads a message ends the call as an unknown fault of the
     * server, which it is not.
     *
     * @param defect what is wrong, for the sender
     */
    static Envelope malformed(String defect) {
        return new Envelope(defect);
    }

    /**
     * Reads a message. Unknown fields are skipped, fields may come in any order, and of a repeated field the last counts.
     *
     * @param message the whole message; kept by the envelope, so the caller must not write to it any more
     * @throws MalformedEnvelopeException where it is truncated, out of a bound, or not protobuf
     */
    public static Envelope decode(byte[] message) throws MalformedEnvelopeException {
        return new EnvelopeReader(message).read();
    }

    /** Returns what makes this message unreadable, everything else being empty then; null where it was read. */
    public @Nullable String defect() {
        return defect;
    }

    /** Returns the name of the payload's type; empty where the sender set none. */
    public String type() {
        return type;
    }

    /** Returns the headers in the sender's order and spelling; unmodifiable. */
    public Map<String, String> headers() {
        return headers;
    }

    /** Returns the value of a header, whose name is compared without regard to case; null where there is none. */
    public @Nullable String header(String name) {
        String exact = headers.get(name);
        if (exact != null) {
            return exact;
        }
        for (Map.Entry<String, String> header : headers.entrySet()) {
            if (header.getKey().equalsIgnoreCase(name)) {
                return header.getValue();
            }
        }
        return null;
    }

    /** Returns the address its sender claims to have: an IP, a host name, or empty. Not to be trusted. */
    public String clientIp() {
        return clientIp;
    }

    /** Returns the array in which the body lies, from {@link #offset()} on; not to be written to. */
    public byte[] array() {
        return array;
    }

    /** Returns where in {@link #array()} the body begins. */
    public int offset() {
        return offset;
    }

    /** Returns the length of the body in bytes. */
    public int length() {
        return length;
    }

    /** Shows type and size. Neither headers nor body, for they may hold secrets. */
    @Override
    public String toString() {
        return type + "[" + length + " bytes]";
    }
}
