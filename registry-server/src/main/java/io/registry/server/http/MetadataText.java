package io.registry.server.http;

import io.registry.api.check.Names;
import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text of a {@code metadata} parameter: a JSON object of scalars, or {@code k=v,k=v}. A null value becomes the
 * empty string, for not every protocol can carry null.
 */
public final class MetadataText {

    /** How much of a malformed text its refusal shows. */
    private static final int ECHO_MAX = 256;

    private MetadataText() {}

    /**
     * Reads a text; blank or absent means empty.
     *
     * @throws RegistryException with {@link ErrorCode#METADATA} where it has neither form
     * @throws Refused where keys and values together are too long
     */
    public static Map<String, String> parse(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return Map.of();
        }
        Map<String, String> metadata = pairs(text);
        if (metadata == null) {
            throw new RegistryException(ErrorCode.METADATA, "metadata format incorrect:" + shown(text));
        }
        return checked(metadata);
    }

    /**
     * Takes the metadata member of a JSON object that is already read; absent and null mean empty.
     *
     * @return the metadata, or null where the member is no object of scalars
     */
    static @Nullable Map<String, String> member(@Nullable Object value) {
        if (value == null) {
            return Map.of();
        }
        Map<String, String> metadata = value instanceof Map<?, ?> map ? scalars(map) : null;
        return metadata == null ? null : checked(metadata);
    }

    private static Map<String, String> checked(Map<String, String> metadata) {
        String refusal = Names.formatMetadata(metadata);
        if (refusal != null) {
            throw new Refused(Answer.malformed(refusal));
        }
        return metadata;
    }

    private static @Nullable Map<String, String> pairs(String text) {
        Object json = JsonText.read(text);
        if (json == null) {
            return Map.of();
        }
        if (json instanceof Map<?, ?> object) {
            return scalars(object);
        }
        return assignments(text);
    }

    private static @Nullable Map<String, String> scalars(Map<?, ?> object) {
        Map<String, String> metadata = new LinkedHashMap<>(object.size() * 4 / 3 + 1);
        for (Map.Entry<?, ?> entry : object.entrySet()) {
            Object value = entry.getValue();
            if (value != null && !(value instanceof String)) {
                return null;
            }
            metadata.put((String) entry.getKey(), value == null ? "" : (String) value);
        }
        return metadata;
    }

    private static @Nullable Map<String, String> assignments(String text) {
        Map<String, String> metadata = new LinkedHashMap<>();
        int start = 0;
        while (start <= text.length()) {
            int comma = text.indexOf(',', start);
            int end = comma < 0 ? text.length() : comma;
            int equals = text.indexOf('=', start);
            if (equals < start || equals >= end || text.lastIndexOf('=', end - 1) != equals) {
                return null;
            }
            metadata.put(text.substring(start, equals), text.substring(equals + 1, end));
            start = end + 1;
        }
        return metadata;
    }

    /** Returns a text as a refusal may show it. */
    public static String shown(String text) {
        return text.length() <= ECHO_MAX ? text : text.substring(0, ECHO_MAX) + "...";
    }
}
