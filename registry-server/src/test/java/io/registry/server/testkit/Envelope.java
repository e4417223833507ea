package io.registry.server.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One message as it stands on the wire: {@code Payload{metadata=2{type=3, headers=7, clientIp=8}, body=3{type_url=1,
 * value=2}}}. Written and read by hand, so that a mistake in the server's own codec cannot hide behind itself.
 *
 * @param typeUrl what the body says of its type; empty in every message of the protocol
 * @param body the UTF-8 JSON text
 */
// The bytes are the point of this record; nothing compares two of them.
@SuppressWarnings("ArrayRecordComponent")
public record Envelope(String type, Map<String, String> headers, String clientIp, String typeUrl, byte[] body) {

    /** Makes a request without a type URL. */
    public static Envelope of(String type, Map<String, String> headers, String clientIp, String json) {
        return new Envelope(type, headers, clientIp, "", json.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the body as text. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Returns the message's bytes. */
    public byte[] encoded() {
        ByteArrayOutputStream metadata = new ByteArrayOutputStream();
        if (!type.isEmpty()) {
            put(metadata, 3, utf8(type));
        }
        headers.forEach((key, value) -> {
            ByteArrayOutputStream entry = new ByteArrayOutputStream();
            put(entry, 1, utf8(key));
            put(entry, 2, utf8(value));
            put(metadata, 7, entry.toByteArray());
        });
        if (!clientIp.isEmpty()) {
            put(metadata, 8, utf8(clientIp));
        }
        ByteArrayOutputStream any = new ByteArrayOutputStream();
        if (!typeUrl.isEmpty()) {
            put(any, 1, utf8(typeUrl));
        }
        put(any, 2, body);
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        put(payload, 2, metadata.toByteArray());
        put(payload, 3, any.toByteArray());
        return payload.toByteArray();
    }

    /** Reads a message; fails with {@link IllegalArgumentException} at a field that the protocol does not have. */
    public static Envelope decoded(byte[] bytes) {
        Map<String, String> headers = new LinkedHashMap<>();
        String type = "";
        String clientIp = "";
        String typeUrl = "";
        byte[] value = new byte[0];
        Reader payload = new Reader(bytes);
        while (payload.more()) {
            int field = payload.field();
            Reader inner = new Reader(payload.bytes());
            while (inner.more()) {
                switch (field * 100 + inner.field()) {
                    case 203 -> type = inner.text();
                    case 207 -> entry(new Reader(inner.bytes()), headers);
                    case 208 -> clientIp = inner.text();
                    case 301 -> typeUrl = inner.text();
                    case 302 -> value = inner.bytes();
                    default -> throw new IllegalArgumentException("a field that the protocol does not have: " + field);
                }
            }
        }
        return new Envelope(type, headers, clientIp, typeUrl, value);
    }

    private static void entry(Reader entry, Map<String, String> headers) {
        String key = "";
        String value = "";
        while (entry.more()) {
            if (entry.field() == 1) {
                key = entry.text();
            } else {
                value = entry.text();
            }
        }
        headers.put(key, value);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void put(ByteArrayOutputStream out, int field, byte[] bytes) {
        varint(out, field << 3 | 2);
        varint(out, bytes.length);
        out.writeBytes(bytes);
    }

    private static void varint(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest > 0x7f) {
            out.write(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }

    private static final class Reader {

        private final byte[] bytes;
        private int at;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        boolean more() {
            return at < bytes.length;
        }

        /** Reads a tag, which must announce a length-delimited field, and returns its number. */
        int field() {
            int tag = varint();
            if ((tag & 7) != 2) {
                throw new IllegalArgumentException("wire type " + (tag & 7) + " (expected: 2)");
            }
            return tag >>> 3;
        }

        byte[] bytes() {
            int length = varint();
            byte[] part = Arrays.copyOfRange(bytes, at, at + length);
            at += length;
            return part;
        }

        String text() {
            return new String(bytes(), StandardCharsets.UTF_8);
        }

        private int varint() {
            int value = 0;
            for (int shift = 0; ; shift += 7) {
                byte b = bytes[at++];
                value |= (b & 0x7f) << shift;
                if (b >= 0) {
                    return value;
                }
            }
        }
    }
}
