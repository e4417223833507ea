package io.registry.proto.envelope;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes what stands before the body of a message: the metadata, and the two lengths that announce the body. */
final class EnvelopeWriter {

    private byte[] bytes;
    private int size;

    private EnvelopeWriter(int capacity) {
        bytes = new byte[capacity];
    }

    static byte[] head(String type, Map<String, String> headers, @Nullable String clientIp, int bodyLength) {
        EnvelopeWriter metadata = new EnvelopeWriter(64);
        metadata.string(Fields.METADATA_TYPE, type);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            EnvelopeWriter entry = new EnvelopeWriter(32);
            entry.string(Fields.ENTRY_KEY, header.getKey());
            entry.string(Fields.ENTRY_VALUE, header.getValue());
            metadata.announce(Fields.METADATA_HEADERS, entry.size);
            metadata.append(entry.bytes, entry.size);
        }
        if (clientIp != null && !clientIp.isEmpty()) {
            metadata.string(Fields.METADATA_CLIENT_IP, clientIp);
        }

        EnvelopeWriter head = new EnvelopeWriter(metadata.size + 16);
        head.announce(Fields.PAYLOAD_METADATA, metadata.size);
        head.append(metadata.bytes, metadata.size);
        if (bodyLength == 0) {
            head.announce(Fields.PAYLOAD_BODY, 0);
        } else {
            head.announce(Fields.PAYLOAD_BODY, Math.addExact(1 + varintSize(bodyLength), bodyLength));
            head.announce(Fields.ANY_VALUE, bodyLength);
        }
        return Arrays.copyOf(head.bytes, head.size);
    }

    private void string(int field, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        announce(field, utf8.length);
        append(utf8, utf8.length);
    }

    /** Writes the tag and the length of a field whose content follows. Every field number here is below 16. */
    private void announce(int field, int length) {
        ensure(6);
        bytes[size++] = (byte) (field << 3 | Fields.LENGTH_DELIMITED);
        int rest = length;
        while (rest >= 0x80) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    private void append(byte[] source, int length) {
        ensure(length);
        System.arraycopy(source, 0, bytes, size, length);
        size += length;
    }

    private void ensure(int more) {
        if (more > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
        }
    }

    private static int varintSize(int value) {
        return value == 0 ? 1 : (Integer.SIZE - Integer.numberOfLeadingZeros(value) + 6) / 7;
    }
}
