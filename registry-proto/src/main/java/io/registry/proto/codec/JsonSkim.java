package io.registry.proto.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds where values of a JSON text begin and end without reading them. Sees strings and brackets only, so that it takes
 * a small part of the time that reading takes; what is malformed in between is left to whoever reads the value.
 */
final class JsonSkim {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte[] HOSTS = "\"hosts\"".getBytes(StandardCharsets.US_ASCII);
    private static final long FACTOR = 0x9E3779B97F4A7C15L;

    private JsonSkim() {}

    /**
     * Returns where the array of a property {@code hosts} opens, or -1 where there is none.
     *
     * @param depth in how many objects the property lies
     */
    static int findHosts(byte[] text, int from, int to, int depth) throws MalformedBodyException {
        int open = 0;
        int at = from;
        while (at < to) {
            byte c = text[at];
            if (c == '"') {
                int end = skipString(text, at, to);
                if (open == depth && isHosts(text, at, end)) {
                    int colon = skipSpace(text, end, to);
                    if (colon < to && text[colon] == ':') {
                        int value = skipSpace(text, colon + 1, to);
                        if (value < to && text[value] == '[') {
                            return value;
                        }
                    }
                }
                at = end;
                continue;
            }
            if (c == '{' || c == '[') {
                open++;
            } else if (c == '}' || c == ']') {
                open--;
            }
            at++;
        }
        return -1;
    }

    /** Returns what follows the object or array that opens here. */
    static int skipNested(byte[] text, int from, int to) throws MalformedBodyException {
        int open = 0;
        int at = from;
        while (at < to) {
            byte c = text[at];
            if (c == '"') {
                at = skipString(text, at, to);
                continue;
            }
            at++;
            if (c == '{' || c == '[') {
                open++;
            } else if (c == '}' || c == ']') {
                open--;
                if (open == 0) {
                    return at;
                }
            }
        }
        throw new MalformedBodyException("an object or array that does not end");
    }

    /** Returns the first place that is no white space. */
    static int skipSpace(byte[] text, int from, int to) {
        int at = from;
        while (at < to && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) {
            at++;
        }
        return at;
    }

    /**
     * Returns 64 bits that differ wherever two texts differ, as far as chance goes. Texts made to collide would hide a
     * change of an instance from the consumers of whoever made them, and nothing else.
     */
    static long fingerprint(byte[] text, int from, int to) {
        long hash = (long) to - from;
        int at = from;
        while (to - at >= Long.BYTES) {
            hash = mixed(hash ^ (long) LONGS.get(text, at));
            at += Long.BYTES;
        }
        long rest = 0;
        while (at < to) {
            rest = rest << 8 | text[at] & 0xff;
            at++;
        }
        return mixed(mixed(hash ^ rest));
    }

    private static long mixed(long value) {
        long high = Math.multiplyHigh(value, FACTOR);
        return high ^ value * FACTOR ^ value >>> 29;
    }

    private static int skipString(byte[] text, int from, int to) throws MalformedBodyException {
        int at = from + 1;
        while (at < to) {
            byte c = text[at++];
            if (c == '"') {
                return at;
            }
            if (c == '\\') {
                at++;
            }
        }
        throw new MalformedBodyException("a string that does not end");
    }

    private static boolean isHosts(byte[] text, int from, int to) {
        return to - from == HOSTS.length && Arrays.equals(text, from, to, HOSTS, 0, HOSTS.length);
    }
}
