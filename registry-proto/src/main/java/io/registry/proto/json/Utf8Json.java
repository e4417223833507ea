package io.registry.proto.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes compact JSON into a growing byte array.
 *
 * <p>Commas are put where they belong: before a name or value, unless it is the first one of its object or array. Whether
 * the calls nest properly is the caller's business, so that pieces of a document can be written as well.
 *
 * <p>Text is UTF-8, with the quote, the backslash and control characters escaped. Half of a surrogate pair, which UTF-8
 * cannot carry, becomes {@code ?}.
 *
 * <p><b>Threading</b>: for one thread.
 */
public final class Utf8Json {

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes;
    private int size;

    /** Makes an empty document with room for this many bytes; it grows as needed. */
    public Utf8Json(int capacity) {
        bytes = new byte[Math.max(16, capacity)];
    }

    /** Makes an empty document. */
    public Utf8Json() {
        this(256);
    }

    /** Begins an object. */
    public Utf8Json beginObject() {
        separate();
        return put('{');
    }

    /** Ends an object. */
    public Utf8Json endObject() {
        return put('}');
    }

    /** Begins an array. */
    public Utf8Json beginArray() {
        separate();
        return put('[');
    }

    /** Ends an array. */
    public Utf8Json endArray() {
        return put(']');
    }

    /** Writes the name of a property; its value must follow. */
    public Utf8Json name(String name) {
        separate();
        quoted(name);
        return put(':');
    }

    /** Writes a string, or null. */
    public Utf8Json value(@Nullable String value) {
        if (value == null) {
            return nullValue();
        }
        separate();
        quoted(value);
        return this;
    }

    /** Writes a whole number. */
    public Utf8Json value(long value) {
        separate();
        return number(value);
    }

    /** Writes a number with its fraction, {@code 1.0} for a whole one. What is not finite becomes a string. */
    public Utf8Json value(double value) {
        if (!Double.isFinite(value)) {
            return value(Double.toString(value));
        }
        separate();
        return ascii(Double.toString(value));
    }

    /** Writes true or false. */
    public Utf8Json value(boolean value) {
        separate();
        return ascii(value ? "true" : "false");
    }

    /** Writes null. */
    public Utf8Json nullValue() {
        separate();
        return ascii("null");
    }

    /** Writes an array of strings. */
    public Utf8Json value(Iterable<String> values) {
        beginArray();
        for (String value : values) {
            value(value);
        }
        return endArray();
    }

    /** Writes an object of strings, in the map's order. */
    public Utf8Json value(Map<String, String> values) {
        beginObject();
        for (Map.Entry<String, String> entry : values.entrySet()) {
            name(entry.getKey()).value(entry.getValue());
        }
        return endObject();
    }

    /** Writes a property. */
    public Utf8Json field(String name, @Nullable String value) {
        return name(name).value(value);
    }

    /** Writes a property. */
    public Utf8Json field(String name, long value) {
        return name(name).value(value);
    }

    /** Writes a property. */
    public Utf8Json field(String name, double value) {
        return name(name).value(value);
    }

    /** Writes a property. */
    public Utf8Json field(String name, boolean value) {
        return name(name).value(value);
    }

    /** Writes a property that is an array of strings. */
    public Utf8Json field(String name, Iterable<String> values) {
        return name(name).value(values);
    }

    /** Writes a property that is an object of strings. */
    public Utf8Json field(String name, Map<String, String> values) {
        return name(name).value(values);
    }

    /** Writes a property, or nothing where it is null. */
    public Utf8Json fieldIfPresent(String name, @Nullable String value) {
        return value == null ? this : field(name, value);
    }

    /** Writes a value that is JSON already. */
    public Utf8Json rawValue(byte[] json) {
        separate();
        return raw(json);
    }

    /** Writes bytes as they are, with no comma before them. */
    public Utf8Json raw(byte[] json) {
        ensure(json.length);
        System.arraycopy(json, 0, bytes, size, json.length);
        size += json.length;
        return this;
    }

    /** Returns how many bytes are written. */
    public int size() {
        return size;
    }

    /** Returns what is written, in a new array. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    /** Returns what is written as text. */
    @Override
    public String toString() {
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }

    private void separate() {
        if (size == 0) {
            return;
        }
        byte last = bytes[size - 1];
        // No string ends in one of these, for it ends in its quote.
        if (last != '{' && last != '[' && last != ':' && last != ',') {
            put(',');
        }
    }

    private Utf8Json put(char c) {
        ensure(1);
        bytes[size++] = (byte) c;
        return this;
    }

    @SuppressWarnings("deprecation") // the one call that copies Latin-1 text without a detour
    private Utf8Json ascii(String text) {
        int length = text.length();
        ensure(length);
        text.getBytes(0, length, bytes, size);
        size += length;
        return this;
    }

    private Utf8Json number(long value) {
        return ascii(Long.toString(value));
    }

    private void quoted(String text) {
        int length = text.length();
        ensure(Math.addExact(length, 2));
        bytes[size++] = '"';
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            // A UTF-16 unit takes at most six bytes, as an escape; the seventh is for the quote at the end.
            ensure(7);
            if (c >= 0x80) {
                i += nonAscii(text, i, c);
            } else if (c < ' ' || c == '"' || c == '\\') {
                escaped(c);
            } else {
                bytes[size++] = (byte) c;
            }
        }
        bytes[size++] = '"';
    }

    /** Writes the character at an index and returns how many units more than one it took. */
    private int nonAscii(String text, int index, char c) {
        if (c < 0x800) {
            bytes[size++] = (byte) (0xc0 | c >> 6);
            bytes[size++] = (byte) (0x80 | c & 0x3f);
            return 0;
        }
        if (!Character.isSurrogate(c)) {
            bytes[size++] = (byte) (0xe0 | c >> 12);
            bytes[size++] = (byte) (0x80 | c >> 6 & 0x3f);
            bytes[size++] = (byte) (0x80 | c & 0x3f);
            return 0;
        }
        int point = text.codePointAt(index);
        if (!Character.isSupplementaryCodePoint(point)) {
            bytes[size++] = '?';
            return 0;
        }
        bytes[size++] = (byte) (0xf0 | point >> 18);
        bytes[size++] = (byte) (0x80 | point >> 12 & 0x3f);
        bytes[size++] = (byte) (0x80 | point >> 6 & 0x3f);
        bytes[size++] = (byte) (0x80 | point & 0x3f);
        return 1;
    }

    private void escaped(char c) {
        bytes[size++] = '\\';
        switch (c) {
            case '"', '\\' -> bytes[size++] = (byte) c;
            case '\b' -> bytes[size++] = 'b';
            case '\t' -> bytes[size++] = 't';
            case '\n' -> bytes[size++] = 'n';
            case '\f' -> bytes[size++] = 'f';
            case '\r' -> bytes[size++] = 'r';
            default -> {
                bytes[size++] = 'u';
                bytes[size++] = '0';
                bytes[size++] = '0';
                bytes[size++] = HEX[c >> 4];
                bytes[size++] = HEX[c & 0xf];
            }
        }
    }

    private void ensure(int more) {
        if (more > bytes.length - size) {
            int wanted = Math.addExact(size, more);
            int doubled = (int) Math.min(Integer.MAX_VALUE - 8, bytes.length * 2L);
            bytes = Arrays.copyOf(bytes, Math.max(wanted, doubled));
        }
    }
}
