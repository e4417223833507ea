package io.registry.server.http;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one request: the query string, then a form body, whatever the method. A name that is there twice
 * counts with its first value, so the query wins over the body.
 *
 * <p>Values are kept as sent, decoded from UTF-8 and otherwise untouched; trimming and defaults are the business of the
 * protocol that asks. Lookups walk the list: a request has about ten parameters, and hashing them would cost more.
 *
 * <p><b>Threading</b>: immutable once parsed.
 */
public final class HttpParams {

    /** The most parameters of one request: the richest call of the protocol has about twenty. */
    static final int COUNT_MAX = 256;

    private final List<String> namesAndValues;

    private HttpParams(List<String> namesAndValues) {
        this.namesAndValues = namesAndValues;
    }

    /**
     * Parses a query string and a form body.
     *
     * @param query the query string as it was sent, or null
     * @param form the urlencoded body, or an empty array
     * @throws RegistryException where an escape is malformed or there are more than {@value #COUNT_MAX} parameters
     */
    public static HttpParams parse(@Nullable String query, byte[] form) {
        List<String> pairs = new ArrayList<>(24);
        if (query != null && !query.isEmpty()) {
            // The container refuses anything but ASCII in a request line.
            split(query.getBytes(StandardCharsets.ISO_8859_1), pairs);
        }
        if (form.length > 0) {
            split(form, pairs);
        }
        return new HttpParams(pairs);
    }

    /** Returns the first value of a parameter as it was sent, or null where it is absent. */
    public @Nullable String raw(String name) {
        for (int i = 0; i < namesAndValues.size(); i += 2) {
            if (namesAndValues.get(i).equals(name)) {
                return namesAndValues.get(i + 1);
            }
        }
        return null;
    }

    /** Returns the first value of a parameter, trimmed, or null where it is absent or blank. */
    public @Nullable String text(String name) {
        String value = raw(name);
        if (value == null || value.isEmpty()) {
            return null;
        }
        String trimmed = value.trim();
        return trimmed.isEmpty() ? null : trimmed;
    }

    /** Returns the first value of a parameter, trimmed, or the given one where it is absent or blank. */
    public String text(String name, String otherwise) {
        String value = text(name);
        return value == null ? otherwise : value;
    }

    /** Returns whether there is a parameter of this name, blank or not. */
    public boolean has(String name) {
        return raw(name) != null;
    }

    private static void split(byte[] bytes, List<String> pairs) {
        int start = 0;
        for (int i = 0; i <= bytes.length; i++) {
            if (i < bytes.length && bytes[i] != '&') {
                continue;
            }
            if (i > start) {
                if (pairs.size() >= 2 * COUNT_MAX) {
                    throw new RegistryException(
                            ErrorCode.INVALID_PARAMETER, "too many parameters (expected: at most " + COUNT_MAX + ")");
                }
                int equals = start;
                while (equals < i && bytes[equals] != '=') {
                    equals++;
                }
                pairs.add(decode(bytes, start, equals));
                pairs.add(equals < i ? decode(bytes, equals + 1, i) : "");
            }
            start = i + 1;
        }
    }

    /** Decodes percent escapes, with {@code +} as a blank. */
    private static String decode(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] != '%' && bytes[i] != '+') {
            i++;
        }
        if (i == to) {
            return text(bytes, from, to - from);
        }
        byte[] decoded = new byte[to - from];
        int length = i - from;
        System.arraycopy(bytes, from, decoded, 0, length);
        while (i < to) {
            byte b = bytes[i];
            if (b == '%') {
                decoded[length++] = escape(bytes, i, to);
                i += 3;
            } else {
                decoded[length++] = b == '+' ? (byte) ' ' : b;
                i++;
            }
        }
        return text(decoded, 0, length);
    }

    /** Bytes that are no UTF-8 would become a text that nobody has sent. */
    private static String text(byte[] bytes, int from, int length) {
        String text = new String(bytes, from, length, StandardCharsets.UTF_8);
        if (text.indexOf('\ufffd') >= 0) {
            throw new RegistryException(ErrorCode.INVALID_PARAMETER, "malformed text in a parameter (expected: UTF-8)");
        }
        return text;
    }

    private static byte escape(byte[] bytes, int at, int to) {
        int high = at + 2 < to ? Character.digit(bytes[at + 1], 16) : -1;
        int low = at + 2 < to ? Character.digit(bytes[at + 2], 16) : -1;
        if (high < 0 || low < 0) {
            throw new RegistryException(
                    ErrorCode.INVALID_PARAMETER,
                    "malformed escape in a parameter (expected: two hex digits after the percent sign)");
        }
        return (byte) (high << 4 | low);
    }

    /** Decodes percent escapes in one segment of a path, where {@code +} is itself. */
    static String decodeSegment(String segment) {
        if (segment.indexOf('%') < 0) {
            return segment;
        }
        byte[] bytes = segment.replace("+", "%2B").getBytes(StandardCharsets.ISO_8859_1);
        return decode(bytes, 0, bytes.length);
    }
}
