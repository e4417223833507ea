package io.registry.proto.codec;

import io.registry.proto.envelope.Envelope;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * Walks through one body. Each reading method takes the value that is current and leaves its last token current.
 *
 * <p>Bounds, beyond which a body is malformed: a string of 65,536 units, a property name of 4,096, a number of 64, objects
 * and arrays 32 deep, and 200,000 elements of maps and lists in one body, which is more than the longest message of real
 * instances holds and keeps the memory of one body in proportion to its size.
 *
 * <p><b>Threading</b>: for one thread and one body.
 */
final class BodyParser {

    static final int STRING_MAX = 64 * 1024;
    static final int NAME_MAX = 4 * 1024;
    static final int NUMBER_MAX = 64;
    static final int NESTING_MAX = 32;
    static final int ELEMENTS_MAX = 200_000;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(STRING_MAX)
                    .maxNameLength(NAME_MAX)
                    .maxNumberLength(NUMBER_MAX)
                    .maxNestingDepth(NESTING_MAX)
                    .build())
            // The protocol is UTF-8 and nothing else.
            .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
            .build();

    /** Reads a whole body. */
    interface Reader<T> {
        T read(BodyParser body) throws MalformedBodyException;
    }

    private final JsonParser parser;
    private int elements;

    private BodyParser(JsonParser parser) {
        this.parser = parser;
    }

    static <T> T parse(Envelope envelope, Reader<T> reader) throws MalformedBodyException {
        return parse(envelope.array(), envelope.offset(), envelope.length(), reader);
    }

    static <T> T parse(byte[] text, int offset, int length, Reader<T> reader) throws MalformedBodyException {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text, offset, length)) {
            BodyParser body = new BodyParser(parser);
            parser.nextToken();
            T value = reader.read(body);
            if (parser.nextToken() != null) {
                throw new MalformedBodyException("more than one JSON value");
            }
            return value;
        } catch (JacksonException e) {
            throw new MalformedBodyException(e.getOriginalMessage());
        }
    }

    /** Requires an object here. */
    void enterObject() throws MalformedBodyException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw unexpected("an object");
        }
    }

    /** Moves to the value of the next property and returns the property's name; null at the end of the object. */
    @Nullable
    String nextProperty() {
        String name = parser.nextName();
        if (name != null) {
            parser.nextToken();
        }
        return name;
    }

    /** Requires an array here and returns true, or returns false where null stands instead. */
    boolean enterArray() throws MalformedBodyException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return false;
        }
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw unexpected("an array");
        }
        return true;
    }

    /** Moves to the next element; false at the end of the array. */
    boolean nextElement() throws MalformedBodyException {
        if (parser.nextToken() == JsonToken.END_ARRAY) {
            return false;
        }
        count();
        return true;
    }

    boolean isNull() {
        return parser.currentToken() == JsonToken.VALUE_NULL;
    }

    /** Passes over the value, whatever it is. */
    void skip() {
        parser.skipChildren();
    }

    /** Returns a string; the empty string for null. */
    String string() throws MalformedBodyException {
        String value = stringOrNull();
        return value == null ? "" : value;
    }

    /** Returns a string; null for null and for the empty string. */
    @Nullable
    String nonEmpty() throws MalformedBodyException {
        String value = stringOrNull();
        return value == null || value.isEmpty() ? null : value;
    }

    @Nullable
    String stringOrNull() throws MalformedBodyException {
        return switch (parser.currentToken()) {
            case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE -> parser.getString();
            case VALUE_NULL -> null;
            default -> throw unexpected("a string");
        };
    }

    int integer() throws MalformedBodyException {
        return switch (parser.currentToken()) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getIntValue();
            case VALUE_STRING -> spelledInteger(parser.getString().trim());
            case VALUE_NULL -> 0;
            default -> throw unexpected("a whole number");
        };
    }

    long longInteger() throws MalformedBodyException {
        return switch (parser.currentToken()) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getLongValue();
            case VALUE_STRING -> spelledLong(parser.getString().trim());
            case VALUE_NULL -> 0;
            default -> throw unexpected("a whole number");
        };
    }

    private static long spelledLong(String text) throws MalformedBodyException {
        try {
            return text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new MalformedBodyException("a string that spells no whole number");
        }
    }

    private static int spelledInteger(String text) throws MalformedBodyException {
        try {
            return text.isEmpty() ? 0 : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new MalformedBodyException("a string that spells no whole number");
        }
    }

    double decimal() throws MalformedBodyException {
        return switch (parser.currentToken()) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_STRING -> spelledDecimal(parser.getString().trim());
            case VALUE_NULL -> 0;
            default -> throw unexpected("a number");
        };
    }

    private static double spelledDecimal(String text) throws MalformedBodyException {
        if (text.length() > NUMBER_MAX) {
            throw new MalformedBodyException("a string that spells no number");
        }
        try {
            return text.isEmpty() ? 0 : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new MalformedBodyException("a string that spells no number");
        }
    }

    boolean bool() throws MalformedBodyException {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE, VALUE_NULL -> false;
            case VALUE_NUMBER_INT -> parser.getIntValue() != 0;
            case VALUE_STRING -> spelledBool(parser.getString().trim());
            default -> throw unexpected("a boolean");
        };
    }

    private static boolean spelledBool(String text) throws MalformedBodyException {
        return switch (text) {
            case "true", "True", "TRUE" -> true;
            case "", "false", "False", "FALSE" -> false;
            default -> throw new MalformedBodyException("a string that spells no boolean");
        };
    }

    /** Returns an object of strings, in its order; empty for null. */
    Map<String, String> strings() throws MalformedBodyException {
        if (isNull()) {
            return Map.of();
        }
        enterObject();
        String name = nextProperty();
        if (name == null) {
            return Map.of();
        }
        Map<String, String> values = new LinkedHashMap<>();
        while (name != null) {
            count();
            values.put(name, string());
            name = nextProperty();
        }
        return Collections.unmodifiableMap(values);
    }

    /** Returns the strings, numbers and booleans of an object, in its order, as texts. */
    Map<String, String> texts() throws MalformedBodyException {
        enterObject();
        Map<String, String> values = new LinkedHashMap<>();
        for (String name = nextProperty(); name != null; name = nextProperty()) {
            count();
            if (parser.currentToken().isScalarValue()) {
                values.put(name, string());
            } else {
                skip();
            }
        }
        return Collections.unmodifiableMap(values);
    }

    /** Returns an object of booleans, in its order; null for null. */
    @Nullable
    Map<String, Boolean> bools() throws MalformedBodyException {
        if (isNull()) {
            return null;
        }
        enterObject();
        Map<String, Boolean> values = new LinkedHashMap<>();
        for (String name = nextProperty(); name != null; name = nextProperty()) {
            count();
            values.put(name, bool());
        }
        return Collections.unmodifiableMap(values);
    }

    /** Returns an array of strings without repetitions, in its order; empty for null. */
    Set<String> stringSet() throws MalformedBodyException {
        Set<String> values = new LinkedHashSet<>();
        if (enterArray()) {
            while (nextElement()) {
                values.add(string());
            }
        }
        return Collections.unmodifiableSet(values);
    }

    /** Returns an array of whole numbers; empty for null. */
    int[] integers() throws MalformedBodyException {
        int[] values = new int[8];
        int size = 0;
        if (enterArray()) {
            while (nextElement()) {
                if (size == values.length) {
                    values = Arrays.copyOf(values, 2 * size);
                }
                values[size++] = integer();
            }
        }
        return Arrays.copyOf(values, size);
    }

    private void count() throws MalformedBodyException {
        if (++elements > ELEMENTS_MAX) {
            throw new MalformedBodyException("more than " + ELEMENTS_MAX + " elements");
        }
    }

    private MalformedBodyException unexpected(String expected) {
        JsonToken token = parser.currentToken();
        return new MalformedBodyException(
                (token == null ? "end of body" : token.name()) + " (expected: " + expected + ")");
    }
}
