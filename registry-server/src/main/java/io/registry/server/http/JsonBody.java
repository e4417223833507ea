package io.registry.server.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds a JSON value in UTF-8, member by member; puts the commas itself. Not checked: that names and values alternate
 * and that what was begun is ended.
 *
 * <p><b>Threading</b>: one thread.
 */
public final class JsonBody {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] buffer;
    private int length;
    private boolean needsComma;
    private long arrays;

    /** Makes an empty body with room for so many bytes; it grows. */
    public JsonBody(int capacity) {
        this.buffer = new byte[capacity];
    }

    /** Begins an object. */
    public JsonBody object() {
        return begin('{', 0);
    }

    /** Begins an array. */
    public JsonBody array() {
        return begin('[', 1);
    }

    /** Ends the object or array begun last. */
    public JsonBody end() {
        boolean array = (arrays & 1) != 0;
        arrays >>>= 1;
        put(array ? ']' : '}');
        needsComma = true;
        return this;
    }

    /** Begins a member; its value follows. */
    public JsonBody name(String name) {
        comma();
        text(name);
        put(':');
        needsComma = false;
        return this;
    }

    /** Adds a text or null. */
    public JsonBody value(@Nullable String value) {
        comma();
        if (value == null) {
            ascii("null");
        } else {
            text(value);
        }
        needsComma = true;
        return this;
    }

    /** Adds a number. */
    public JsonBody value(long value) {
        return literal(Long.toString(value));
    }

    /** Adds a number, in the shortest form that keeps it. */
    public JsonBody value(double value) {
        return literal(Double.toString(value));
    }

    /** Adds a number, in the shortest form that keeps it at float precision. */
    public JsonBody value(float value) {
        return literal(Float.toString(value));
    }

    /** Adds a truth. */
    public JsonBody value(boolean value) {
        return literal(value ? "true" : "false");
    }

    /** Adds a value that is JSON already; or several, separated by commas; or, where it is empty, nothing. */
    public JsonBody json(byte[] json) {
        if (json.length > 0) {
            comma();
            room(json.length);
            System.arraycopy(json, 0, buffer, length, json.length);
            length += json.length;
            needsComma = true;
        }
        return this;
    }

    /** Adds a map of texts as an object. */
    public JsonBody value(Map<String, String> map) {
        object();
        map.forEach(this::field);
        return end();
    }

    /** Adds texts as an array. */
    public JsonBody value(Collection<String> texts) {
        array();
        texts.forEach(this::value);
        return end();
    }

    /** Adds a member. */
    public JsonBody field(String name, @Nullable String value) {
        return name(name).value(value);
    }

    /** Adds a member. */
    public JsonBody field(String name, long value) {
        return name(name).value(value);
    }

    /** Adds a member. */
    public JsonBody field(String name, double value) {
        return name(name).value(value);
    }

    /** Adds a member. */
    public JsonBody field(String name, float value) {
        return name(name).value(value);
    }

    /** Adds a member. */
    public JsonBody field(String name, boolean value) {
        return name(name).value(value);
    }

    /** Adds a member. */
    public JsonBody field(String name, Map<String, String> value) {
        return name(name).value(value);
    }

    /** Returns what was built. */
    public byte[] bytes() {
        return length == buffer.length ? buffer : Arrays.copyOf(buffer, length);
    }

    private JsonBody begin(char bracket, int array) {
        comma();
        put(bracket);
        arrays = arrays << 1 | array;
        needsComma = false;
        return this;
    }

    private JsonBody literal(String value) {
        comma();
        ascii(value);
        needsComma = true;
        return this;
    }

    private void comma() {
        if (needsComma) {
            put(',');
        }
    }

    private void put(int b) {
        room(1);
        buffer[length++] = (byte) b;
    }

    private void ascii(String value) {
        int size = value.length();
        room(size);
        for (int i = 0; i < size; i++) {
            buffer[length++] = (byte) value.charAt(i);
        }
    }

    private void text(String value) {
        put('"');
        int size = value.length();
        // The longest escape of one unit has six bytes, the longest encoding three.
        room(6 * size + 1);
        for (int i = 0; i < size; i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                buffer[length++] = '\\';
                buffer[length++] = (byte) c;
            } else if (c < ' ') {
                control(c);
            } else if (c < 0x80) {
                buffer[length++] = (byte) c;
            } else if (c < 0x800) {
                buffer[length++] = (byte) (0xc0 | c >> 6);
                buffer[length++] = (byte) (0x80 | c & 0x3f);
            } else if (Character.isSurrogate(c)) {
                i += surrogate(value, i);
            } else {
                buffer[length++] = (byte) (0xe0 | c >> 12);
                buffer[length++] = (byte) (0x80 | c >> 6 & 0x3f);
                buffer[length++] = (byte) (0x80 | c & 0x3f);
            }
        }
        buffer[length++] = '"';
    }

    private void control(char c) {
        buffer[length++] = '\\';
        switch (c) {
            case '\n' -> buffer[length++] = 'n';
            case '\r' -> buffer[length++] = 'r';
            case '\t' -> buffer[length++] = 't';
            default -> {
                buffer[length++] = 'u';
                buffer[length++] = '0';
                buffer[length++] = '0';
                buffer[length++] = HEX[c >> 4];
                buffer[length++] = HEX[c & 0xf];
            }
        }
    }

    /** Encodes a pair, or a question mark for half a pair; returns how many units more than one were read. */
    private int surrogate(String value, int at) {
        int point = value.codePointAt(at);
        if (!Character.isSupplementaryCodePoint(point)) {
            buffer[length++] = '?';
            return 0;
        }
        buffer[length++] = (byte) (0xf0 | point >> 18);
        buffer[length++] = (byte) (0x80 | point >> 12 & 0x3f);
        buffer[length++] = (byte) (0x80 | point >> 6 & 0x3f);
        buffer[length++] = (byte) (0x80 | point & 0x3f);
        return 1;
    }

    private void room(int more) {
        if (length + more > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, length + more + 16));
        }
    }
}
