package io.registry.server.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the JSON that comes inside parameters. An object becomes a map in its own order, an array a list, null stays
 * null, and every scalar becomes its text as written: the protocol takes {@code 8080} for {@code "8080"} everywhere.
 */
public final class JsonText {

    /** How deep values may nest: the deepest that the protocol knows is a map in an object in an array. */
    private static final int DEPTH_MAX = 8;

    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonText() {}

    /**
     * Reads a text.
     *
     * @return a map, a list, a string or null; {@link #UNREADABLE} where the text is not one JSON value
     */
    public static @Nullable Object read(String text) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            JsonToken token = parser.nextToken();
            if (token == null) {
                return UNREADABLE;
            }
            Object value = value(parser, token, 0);
            return parser.nextToken() == null ? value : UNREADABLE;
        } catch (JacksonException | TooDeep e) {
            return UNREADABLE;
        }
    }

    /** What {@link #read} returns for a text that is not JSON. */
    public static final Object UNREADABLE = new Object();

    /** Returns a text as an object, or null where it is none. */
    @SuppressWarnings("unchecked")
    public static @Nullable Map<String, @Nullable Object> object(String text) {
        return read(text) instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : null;
    }

    /** Returns a scalar member as text, or null where it is absent, null or no scalar. */
    public static @Nullable String scalar(Map<String, @Nullable Object> object, String name) {
        return object.get(name) instanceof String text ? text : null;
    }

    private static @Nullable Object value(JsonParser parser, JsonToken token, int depth) {
        if (depth > DEPTH_MAX) {
            throw new TooDeep();
        }
        return switch (token) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    object.put(name, value(parser, parser.nextToken(), depth + 1));
                }
                yield object;
            }
            case START_ARRAY -> {
                List<@Nullable Object> array = new ArrayList<>();
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    array.add(value(parser, next, depth + 1));
                }
                yield array;
            }
            case VALUE_NULL -> null;
            default -> parser.getString();
        };
    }

    private static final class TooDeep extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooDeep() {
            super("too deep", null, false, false);
        }
    }
}
