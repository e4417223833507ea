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
public final class MessageWriter {

    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int DELIMITED = 2;
    static final int FIXED32 = 5;

    private byte[] bytes;
    private int size;

    MessageWriter() {
        this(256);
    }

    private MessageWriter(int capacity) {
        this.bytes = new byte[capacity];
    }

    /**
     * Returns the bytes of a message, with room around them for what a frame adds.
     *
     * @param before how many bytes are left free in front
     * @param after how many bytes are left free behind
     */
    public static <T> byte[] framed(int before, Form<T> form, T value, int after) {
        MessageWriter out = new MessageWriter(1024);
        out.size = before;
        form.write(value, out);
        return Arrays.copyOf(out.bytes, Math.addExact(out.size, after));
    }

    /** Returns the bytes of a message. */
    public static <T> byte[] write(Form<T> form, T value) {
        return framed(0, form, value, 0);
    }

    /** Writes a string. */
    public void text(int field, String value) {
        if (!value.isEmpty()) {
            bytes(field, value.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Writes a string, or nothing for null. */
    public void optionalText(int field, @Nullable String value) {
        if (value != null) {
            delimited(field, value.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Writes bytes. */
    public void bytes(int field, byte[] value) {
        if (value.length > 0) {
            delimited(field, value);
        }
    }

    /** Writes byte strings one after another, empty ones too. */
    public void allBytes(int field, Iterable<byte[]> values) {
        for (byte[] value : values) {
            delimited(field, value);
        }
    }

    /** Writes a number in as many bytes as it needs: ten where it is negative. */
    public void number(int field, long value) {
        if (value != 0) {
            tag(field, VARINT);
            varint(value);
        }
    }

    /** Writes true or false. */
    public void truth(int field, boolean value) {
        number(field, value ? 1 : 0);
    }

    /** Writes true or false, or nothing for null. */
    public void optionalTruth(int field, @Nullable Boolean value) {
        if (value != null) {
            tag(field, VARINT);
            varint(value ? 1 : 0);
        }
    }

    /** Writes a floating-point number. */
    public void real(int field, double value) {
        // Compared as bits: -0.0 is a value of its own.
        fixed(field, Double.doubleToRawLongBits(value));
    }

    /** Writes a floating-point number, or nothing for null. */
    public void optionalReal(int field, @Nullable Double value) {
        if (value != null) {
            tag(field, FIXED64);
            put(Double.doubleToRawLongBits(value));
        }
    }

    /** Writes a number of which every bit counts, in eight bytes. */
    public void fixed(int field, long value) {
        if (value != 0) {
            tag(field, FIXED64);
            put(value);
        }
    }

    /** Writes numbers of which every bit counts, packed. */
    public void allFixed(int field, long[] values) {
        if (values.length > 0) {
            tag(field, DELIMITED);
            varint((long) values.length * Long.BYTES);
            for (long value : values) {
                put(value);
            }
        }
    }

    /** Writes a message. */
    public <T> void message(int field, Form<T> form, T value) {
        tag(field, DELIMITED);
        // Its length is not known yet: one byte is kept free for it, and what was written moves where that is too few.
        ensure(1);
        int before = size++;
        form.write(value, this);
        int length = size - before - 1;
        int needed = lengthBytes(length);
        if (needed > 1) {
            ensure(needed - 1);
            System.arraycopy(bytes, before + 1, bytes, before + needed, length);
        }
        size = before;
        varint(length);
        size += length;
    }

    /** Writes a message, or nothing for null. */
    public <T> void optionalMessage(int field, Form<T> form, @Nullable T value) {
        if (value != null) {
            message(field, form, value);
        }
    }

    /** Writes messages one after another. */
    public <T> void messages(int field, Form<T> form, Collection<T> values) {
        for (T value : values) {
            message(field, form, value);
        }
    }

    /** Writes pairs. They keep their order, so they are messages of their own and not a map. */
    public void pairs(int field, Map<String, String> pairs) {
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

    private void delimited(int field, byte[] content) {
        tag(field, DELIMITED);
        varint(content.length);
        ensure(content.length);
        System.arraycopy(content, 0, bytes, size, content.length);
        size += content.length;
    }

    private void tag(int field, int type) {
        varint((long) field << 3 | type);
    }

    private void put(long value) {
        ensure(Long.BYTES);
        for (int i = 0; i < Long.BYTES; i++) {
            bytes[size++] = (byte) (value >>> (Byte.SIZE * i));
        }
    }

    private void varint(long value) {
        ensure(lengthBytes(value));
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    private static int lengthBytes(long value) {
        return (Long.SIZE - Long.numberOfLeadingZeros(value | 1) + 6) / 7;
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(size, more)));
        }
    }
}
