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
 * field that is not there has its type's zero value. Nothing is passed over: a field that nobody has asked for, and
 * bytes that are no field, are refused.
 *
 * <p><b>Threading</b>: for one thread.
 */
final class MessageReader {

    private final ByteBuffer bytes;
    private int tag;

    private MessageReader(ByteBuffer bytes) {
        this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
        nextTag();
    }

    /**
     * Reads a whole message.
     *
     * @throws UnknownFormException where it is not of that form
     */
    static <T> T read(ByteBuffer bytes, Form<T> form) {
        MessageReader reader = new MessageReader(bytes.slice());
        T value = form.read(reader);
        if (reader.tag != 0) {
            throw new UnknownFormException(
                    "field " + (reader.tag >>> 3) + " of " + form.name() + " (expected: one that this server knows)");
        }
        return value;
    }

    String text(int field) {
        if (!at(field, MessageWriter.DELIMITED)) {
            return "";
        }
        ByteBuffer content = content();
        nextTag();
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(content).toString();
        } catch (CharacterCodingException e) {
            throw new UnknownFormException("field " + field + ": not UTF-8");
        }
    }

    long number(int field) {
        if (!at(field, MessageWriter.VARINT)) {
            return 0;
        }
        long value = varint();
        nextTag();
        return value;
    }

    int whole(int field) {
        long value = number(field);
        if (value != (int) value) {
            throw new UnknownFormException("field " + field + ": " + value + " (expected: a number of 32 bits)");
        }
        return (int) value;
    }

    boolean truth(int field) {
        return Boolean.TRUE.equals(optionalTruth(field));
    }

    @Nullable
    Boolean optionalTruth(int field) {
        return at(field, MessageWriter.VARINT) ? number(field) != 0 : null;
    }

    double real(int field) {
        Double value = optionalReal(field);
        return value == null ? 0 : value;
    }

    @Nullable
    Double optionalReal(int field) {
        if (!at(field, MessageWriter.FIXED64)) {
            return null;
        }
        if (bytes.remaining() < Long.BYTES) {
            throw cutOff();
        }
        double value = Double.longBitsToDouble(bytes.getLong());
        nextTag();
        return value;
    }

    <T> @Nullable T optionalMessage(int field, Form<T> form) {
        if (!at(field, MessageWriter.DELIMITED)) {
            return null;
        }
        T value = read(content(), form);
        nextTag();
        return value;
    }

    <T> T message(int field, Form<T> form) {
        T value = optionalMessage(field, form);
        if (value == null) {
            throw new UnknownFormException("field " + field + ": missing (expected: " + form.name() + ")");
        }
        return value;
    }

    <T> List<T> messages(int field, Form<T> form) {
        List<T> values = new ArrayList<>();
        while (at(field, MessageWriter.DELIMITED)) {
            values.add(message(field, form));
        }
        return values;
    }

    Map<String, String> pairs(int field) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (Map.Entry<String, String> pair : messages(field, ValueForms.PAIR)) {
            pairs.put(pair.getKey(), pair.getValue());
        }
        return pairs;
    }

    /** Returns the number of the next field, or 0 at the end. */
    int field() {
        return tag >>> 3;
    }

    private boolean at(int field, int type) {
        return tag == (field << 3 | type);
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
