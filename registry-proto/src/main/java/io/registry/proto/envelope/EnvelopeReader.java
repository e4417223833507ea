package io.registry.proto.envelope;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads one message. Every length is checked against the range it lies in before anything is made from it, so a message
 * never costs more than a small multiple of its own size.
 *
 * <p><b>Threading</b>: for one thread and one message.
 */
final class EnvelopeReader {

    private static final char REPLACEMENT = '\ufffd';

    private final byte[] bytes;
    private int position;

    private String type = "";
    private String clientIp = "";
    private Map<String, String> headers = Map.of();
    private int metadataBytes;
    private int bodyOffset;
    private int bodyLength;

    EnvelopeReader(byte[] bytes) {
        this.bytes = bytes;
    }

    Envelope read() throws MalformedEnvelopeException {
        int end = bytes.length;
        while (position < end) {
            int tag = tag(end);
            if (tag == delimited(Fields.PAYLOAD_METADATA)) {
                metadata(rangeEnd(end));
            } else if (tag == delimited(Fields.PAYLOAD_BODY)) {
                body(rangeEnd(end));
            } else {
                skip(tag, end);
            }
        }
        Map<String, String> fixed = headers.isEmpty() ? headers : Collections.unmodifiableMap(headers);
        return new Envelope(type, fixed, clientIp, bytes, bodyOffset, bodyLength);
    }

    private void metadata(int end) throws MalformedEnvelopeException {
        metadataBytes += end - position;
        if (metadataBytes > Envelope.METADATA_BYTES_MAX) {
            throw new MalformedEnvelopeException(
                    "metadata: " + metadataBytes + " bytes (expected: at most " + Envelope.METADATA_BYTES_MAX + ")");
        }
        while (position < end) {
            int tag = tag(end);
            if (tag == delimited(Fields.METADATA_TYPE)) {
                type = string(end);
            } else if (tag == delimited(Fields.METADATA_HEADERS)) {
                header(rangeEnd(end));
            } else if (tag == delimited(Fields.METADATA_CLIENT_IP)) {
                clientIp = string(end);
            } else {
                skip(tag, end);
            }
        }
    }

    private void header(int end) throws MalformedEnvelopeException {
        String key = "";
        String value = "";
        while (position < end) {
            int tag = tag(end);
            if (tag == delimited(Fields.ENTRY_KEY)) {
                key = string(end);
            } else if (tag == delimited(Fields.ENTRY_VALUE)) {
                value = string(end);
            } else {
                skip(tag, end);
            }
        }
        if (headers.isEmpty()) {
            headers = new LinkedHashMap<>();
        }
        headers.put(key, value);
        if (headers.size() > Envelope.HEADERS_MAX) {
            throw new MalformedEnvelopeException("headers: more than " + Envelope.HEADERS_MAX);
        }
    }

    private void body(int end) throws MalformedEnvelopeException {
        while (position < end) {
            int tag = tag(end);
            if (tag == delimited(Fields.ANY_VALUE)) {
                int valueEnd = rangeEnd(end);
                bodyOffset = position;
                bodyLength = valueEnd - position;
                position = valueEnd;
            } else {
                skip(tag, end);
            }
        }
    }

    private static int delimited(int field) {
        return field << 3 | Fields.LENGTH_DELIMITED;
    }

    private int tag(int end) throws MalformedEnvelopeException {
        long tag = varint(end);
        // A tag has 32 bits; field 0 does not exist.
        if (tag >>> 32 != 0 || tag >>> 3 == 0) {
            throw new MalformedEnvelopeException("malformed tag at byte " + position);
        }
        return (int) tag;
    }

    /** Reads a length and returns where its range ends, which is inside the enclosing range. */
    private int rangeEnd(int end) throws MalformedEnvelopeException {
        long length = varint(end);
        if (length < 0 || length > end - position) {
            throw new MalformedEnvelopeException("length: " + Long.toUnsignedString(length) + " at byte " + position
                    + " (expected: at most " + (end - position) + ")");
        }
        return position + (int) length;
    }

    private String string(int end) throws MalformedEnvelopeException {
        int stringEnd = rangeEnd(end);
        String text = new String(bytes, position, stringEnd - position, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0) {
            refuseMalformedUtf8(position, stringEnd - position);
        }
        position = stringEnd;
        return text;
    }

    private void refuseMalformedUtf8(int offset, int length) throws MalformedEnvelopeException {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, offset, length));
        } catch (CharacterCodingException e) {
            throw new MalformedEnvelopeException("string at byte " + offset + " is not UTF-8");
        }
    }

    private void skip(int tag, int end) throws MalformedEnvelopeException {
        switch (tag & 7) {
            case Fields.VARINT -> varint(end);
            case Fields.FIXED_64 -> skipBytes(8, end);
            case Fields.LENGTH_DELIMITED -> position = rangeEnd(end);
            case Fields.FIXED_32 -> skipBytes(4, end);
            // Groups are older than the protocol, and 6 and 7 mean nothing.
            default -> throw new MalformedEnvelopeException("wire type: " + (tag & 7) + " at byte " + position);
        }
    }

    private void skipBytes(int count, int end) throws MalformedEnvelopeException {
        if (count > end - position) {
            throw new MalformedEnvelopeException("truncated at byte " + end);
        }
        position += count;
    }

    private long varint(int end) throws MalformedEnvelopeException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (position >= end) {
                throw new MalformedEnvelopeException("truncated at byte " + end);
            }
            byte next = bytes[position++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new MalformedEnvelopeException("varint of more than 10 bytes at byte " + position);
    }
}
