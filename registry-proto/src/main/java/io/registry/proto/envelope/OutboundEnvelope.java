package io.registry.proto.envelope;

import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message to send, whose JSON body is a sequence of parts. The parts are written one after the other and never joined,
 * so one array may stand in any number of messages.
 *
 * <p>The arrays are kept, not copied: nobody may write to them after they were handed over.
 *
 * <p><b>Threading</b>: immutable; the same envelope may be sent many times and on many calls at once.
 */
public final class OutboundEnvelope {

    private final String type;
    private final byte[] head;
    private final List<byte[]> parts;
    private final int bodyLength;

    private OutboundEnvelope(String type, Map<String, String> headers, @Nullable String clientIp, List<byte[]> parts) {
        this.type = type;
        this.parts = parts;
        this.bodyLength = lengthOf(parts);
        this.head = EnvelopeWriter.head(type, headers, clientIp, bodyLength);
    }

    /** Makes an answer or acknowledgement: a message of type and body only. */
    public static OutboundEnvelope answer(String type, byte[]... body) {
        return new OutboundEnvelope(type, Map.of(), null, List.of(body));
    }

    /**
     * Makes a request or push.
     *
     * @param headers written in the map's order
     * @param clientIp the sender's own address; empty to leave it out
     */
    public static OutboundEnvelope request(String type, Map<String, String> headers, String clientIp, byte[]... body) {
        return new OutboundEnvelope(type, headers, clientIp, List.of(body));
    }

    private static int lengthOf(List<byte[]> parts) {
        long length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        return Math.toIntExact(length);
    }

    /** Returns the name of the payload's type. */
    public String type() {
        return type;
    }

    /** Returns the size of the whole message in bytes. */
    public int size() {
        return head.length + bodyLength;
    }

    /** Returns the size of the body in bytes. */
    public int bodyLength() {
        return bodyLength;
    }

    /** Returns the body in one new array. For logs and tests; sending does not need it. */
    public byte[] joinedBody() {
        byte[] joined = new byte[bodyLength];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, joined, at, part.length);
            at += part.length;
        }
        return joined;
    }

    /** Returns the whole message in one new array. For tests; sending does not need it. */
    public byte[] toBytes() {
        byte[] message = Arrays.copyOf(head, size());
        System.arraycopy(joinedBody(), 0, message, head.length, bodyLength);
        return message;
    }

    /** Returns a new stream over the message, which knows its length and drains itself without joining the parts. */
    InputStream stream() {
        return new PartsStream(head, parts, size());
    }

    @Override
    public String toString() {
        return type + "[" + bodyLength + " bytes]";
    }
}
