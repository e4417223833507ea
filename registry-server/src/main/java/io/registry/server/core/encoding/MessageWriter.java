package io.registry.server.core.encoding;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the fields of a message in the wire format of Protocol Buffers, in the order of their numbers. As in version 3
 * of that format, a field with its type's zero value takes no bytes; an optional one takes none where it is null.
 *
 * <p><b>Threading</b>: for one thread.
 */
final class MessageWriter {

    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int DELIMITED = 2;

    private byte[] bytes = new byte[256];
    private int size;

    void text(int field, String value) {
        if (!value.isEmpty()) {
            byte[] text = value.getBytes(StandardCharsets.UTF_8);
            delimited(field, text, text.length);
        }
    }

    void number(int field, long value) {
        if (value != 0) {
            tag(field, VARINT);
            varint(value);
        }
    }

    void truth(int field, boolean value) {
        number(field, value ? 1 : 0);
    }

    void optionalTruth(int field, @Nullable Boolean value) {
        if (value != null) {
            tag(field, VARINT);
            varint(value ? 1 : 0);
        }
    }

    void real(int field, double value) {
        // Compared as bits: -0.0 is a value of its own.
        if (Double.doubleToRawLongBits(value) != 0) {
            optionalReal(field, value);
        }
    }

    void optionalReal(int field, @Nullable Double value) {
        if (value != null) {
            tag(field, FIXED64);
            ensure(Long.BYTES);
            long bits = Double.doubleToRawLongBits(value);
            for (int i = 0; i < Long.BYTES; i++) {
                bytes[size++] = (byte) (bits >>> (Byte.SIZE * i));
            }
        }
    }

    <T> void message(int field, Form<T> form, T value) {
        MessageWriter inner = new MessageWriter();
        form.write(value, inner);
        delimited(field, inner.bytes, inner.size);
    }

    <T> void optionalMessage(int field, Form<T> form, @Nullable T value) {
        if (value != null) {
            message(field, form, value);
        }
    }

    <T> void messages(int field, Form<T> form, Collection<T> values) {
        for (T value : values) {
            message(field, form, value);
        }
    }

    /** Pairs keep their order, so they are messages of their own and not a map. */
    void pairs(int field, Map<String, String> pairs) {
        messages(field, ValueForms.PAIR, pairs.entrySet());
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    /** Writes what there is, after its length. */
    void writeDelimitedTo(OutputStream out) throws IOException {
        MessageWriter length = new MessageWriter();
        length.varint(size);
        out.write(length.bytes, 0, length.size);
        out.write(bytes, 0, size);
    }

    private void delimited(int field, byte[] content, int length) {
        tag(field, DELIMITED);
        varint(length);
        ensure(length);
        System.arraycopy(content, 0, bytes, size, length);
        size += length;
    }

    private void tag(int field, int type) {
        varint((long) field << 3 | type);
    }

    private void varint(long value) {
        ensure(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
