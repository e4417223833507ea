package io.registry.server.core.encoding;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link MessageWriter} writes: the fields of a message one after another, in the order of their numbers. A
 * field that is not there has its type's zero value. Bytes that are no field are refused, and what a message takes in
 * memory stays in proportion to its length.
 *
 * <p><b>Threading</b>: for one thread.
 */
public final class MessageReader {

    private final ByteBuffer bytes;
    private final boolean passesOver;
    private int tag;

    private MessageReader(ByteBuffer bytes, boolean passesOver) {
        this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
        this.passesOver = passesOver;
        nextTag();
    }

    /**
     * Reads a whole message, of which nothing is passed over: a field that nobody has asked for is refused.
     *
     * @throws UnknownFormException where it is not of that form
     */
    public static <T> T read(ByteBuffer bytes, Form<T> form) {
        return read(bytes.slice(), form, false);
    }

    /**
     * Reads a whole message, in which a newer server may have written more than this one understands: fields that nobody
     * asks for are passed over.
     *
     * @throws UnknownFormException where it is not of that form
     */
    public static <T> T readKnown(ByteBuffer bytes, Form<T> form) {
        return read(bytes.slice(), form, true);
    }

    private static <T> T read(ByteBuffer bytes, Form<T> form, boolean passesOver) {
        MessageReader reader = new MessageReader(bytes, passesOver);
        T value = form.read(reader);
        while (reader.tag != 0) {
            if (!passesOver) {
                throw new UnknownFormException("field " + (reader.tag >>> 3) + " of " + form.name()
                        + " (expected: one that this server knows)");
            }
            reader.passOver();
        }
        return value;
    }

    /** Reads a string. */
    public String text(int field) {
        String value = optionalText(field);
        return value == null ? "" : value;
    }

    /** Reads a string; null where it is not there. */
    public @Nullable String optionalText(int field) {
        if (!at(field, MessageWriter.DELIMITED)) {
            return null;
        }
        ByteBuffer content = content();
        nextTag();
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(content).toString();
        } catch (CharacterCodingException e) {
            throw new UnknownFormException("field " + field + ": not UTF-8");
        }
    }

    /** Reads a number. */
    public long number(int field) {
        if (!at(field, MessageWriter.VARINT)) {
            return 0;
        }
        long value = varint();
        nextTag();
        return value;
    }

    /** Reads a number of 32 bits. */
    public int whole(int field) {
        long value = number(field);
        if (value != (int) value) {
            throw new UnknownFormException("field " + field + ": " + value + " (expected: a number of 32 bits)");
        }
        return (int) value;
    }

    /** Reads true or false. */
    public boolean truth(int field) {
        return Boolean.TRUE.equals(optionalTruth(field));
    }

    /** Reads true or false; null where it is not there. */
    public @Nullable Boolean optionalTruth(int field) {
        return at(field, MessageWriter.VARINT) ? number(field) != 0 : null;
    }

    /** Reads a floating-point number. */
    public double real(int field) {
        Double value = optionalReal(field);
        return value == null ? 0 : value;
    }

    /** Reads a floating-point number; null where it is not there. */
    public @Nullable Double optionalReal(int field) {
        return at(field, MessageWriter.FIXED64) ? Double.longBitsToDouble(fixed(field)) : null;
    }

    /** Reads a number of which every bit counts. */
    public long fixed(int field) {
        if (!at(field, MessageWriter.FIXED64)) {
            return 0;
        }
        if (bytes.remaining() < Long.BYTES) {
            throw cutOff();
        }
        long value = bytes.getLong();
        nextTag();
        return value;
    }

    /** Reads packed numbers of which every bit counts; none where they are not there. */
    public long[] allFixed(int field) {
        if (!at(field, MessageWriter.DELIMITED)) {
            return new long[0];
        }
        ByteBuffer content = content().order(ByteOrder.LITTLE_ENDIAN);
        if (content.remaining() % Long.BYTES != 0) {
            throw cutOff();
        }
        long[] values = new long[content.remaining() / Long.BYTES];
        content.asLongBuffer().get(values);
        nextTag();
        return values;
    }

    /** Reads bytes, as an array of their own; an empty one where they are not there. */
    public byte[] bytes(int field) {
        if (!at(field, MessageWriter.DELIMITED)) {
            return new byte[0];
        }
        ByteBuffer content = content();
        byte[] value = new byte[content.remaining()];
        content.get(value);
        nextTag();
        return value;
    }

    /** Reads byte strings, until another field follows. */
    public List<byte[]> allBytes(int field) {
        List<byte[]> values = new ArrayList<>();
        while (at(field, MessageWriter.DELIMITED)) {
            values.add(bytes(field));
        }
        return values;
    }

    /** Reads a message; null where it is not there. */
    public <T> @Nullable T optionalMessage(int field, Form<T> form) {
        if (!at(field, MessageWriter.DELIMITED)) {
            return null;
        }
        T value = read(content(), form, passesOver);
        nextTag();
        return value;
    }

    /** Reads a message that has to be there. */
    public <T> T message(int field, Form<T> form) {
        T value = optionalMessage(field, form);
        if (value == null) {
            throw new UnknownFormException("field " + field + ": missing (expected: " + form.name() + ")");
        }
        return value;
    }

    /** Reads messages, until another field follows. */
    public <T> List<T> messages(int field, Form<T> form) {
        List<T> values = new ArrayList<>();
        while (at(field, MessageWriter.DELIMITED)) {
            values.add(message(field, form));
        }
        return values;
    }

    /** Reads pairs, in their order. */
    public Map<String, String> pairs(int field) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (Map.Entry<String, String> pair : messages(field, ValueForms.PAIR)) {
            pairs.put(pair.getKey(), pair.getValue());
        }
        return pairs;
    }

    /** Returns the number of the next field, or 0 at the end. */
    public int field() {
        return tag >>> 3;
    }

    private boolean at(int field, int type) {
        // Fields come in the order of their numbers, so one before that which is asked for is asked for no more.
        while (passesOver && tag != 0 && tag >>> 3 < field) {
            passOver();
        }
        return tag == (field << 3 | type);
    }

    private void passOver() {
        switch (tag & 7) {
            case MessageWriter.VARINT -> varint();
            case MessageWriter.FIXED64 -> leaveOut(Long.BYTES);
            case MessageWriter.DELIMITED -> content();
            case MessageWriter.FIXED32 -> leaveOut(Integer.BYTES);
            default -> throw new UnknownFormException("tag: " + tag + " (expected: that of a field)");
        }
        nextTag();
    }

    private void leaveOut(int length) {
        if (bytes.remaining() < length) {
            throw cutOff();
        }
        bytes.position(bytes.position() + length);
    }

    private void nextTag() {
        if (!bytes.hasRemaining()) {
            tag = 0;
            return;
        }
        long value = varint();
        if (value < 8 || value > Integer.MAX_VALUE) {
            throw new UnknownFormException("tag: " + value + " (expected: that of a field)");
        }
        tag = (int) value;
    }

    private ByteBuffer content() {
        long length = varint();
        if (length < 0 || length > bytes.remaining()) {
            throw cutOff();
        }
        ByteBuffer content = bytes.slice(bytes.position(), (int) length);
        bytes.position(bytes.position() + (int) length);
        return content;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (!bytes.hasRemaining()) {
                throw cutOff();
            }
            byte next = bytes.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new UnknownFormException("number: longer than 64 bits");
    }

    private static UnknownFormException cutOff() {
        return new UnknownFormException("message: cut off");
    }
}
