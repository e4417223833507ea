package io.registry.server.http.naming;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.proto.json.Utf8Json;
import io.registry.server.core.persistent.Selector;
import io.registry.server.http.JsonText;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the {@code selector} parameter and shows selectors. */
public final class Selectors {

    private static final String LABEL = "label";
    private static final String LABEL_PREFIX = "CONSUMER.label.";

    private Selectors() {}

    /**
     * Reads a selector; blank or absent means none.
     *
     * @throws RegistryException with {@link ErrorCode#SELECTOR} where it is of no known type
     */
    public static Selector parse(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return Selector.NONE;
        }
        Map<String, @Nullable Object> json = JsonText.object(text);
        String type = json == null ? null : JsonText.scalar(json, "type");
        if (json == null || type == null || !Selector.TYPES.contains(type)) {
            throw new RegistryException(ErrorCode.SELECTOR, "not match any type of selector!");
        }
        String expression = JsonText.scalar(json, "expression");
        return type.equals(LABEL) ? new Selector(type, expression == null ? "" : expression) : Selector.NONE;
    }

    /** Shows a selector. */
    public static void write(Selector selector, Utf8Json body) {
        body.beginObject().field("type", selector.type());
        if (selector.type().equals(LABEL)) {
            body.field("expression", selector.expression())
                    .name("labels")
                    .value(labels(selector.expression()))
                    .field("contextType", "CMDB");
        } else {
            body.field("contextType", "NONE");
        }
        body.endObject();
    }

    private static Collection<String> labels(String expression) {
        Set<String> labels = new LinkedHashSet<>();
        for (int at = expression.indexOf(LABEL_PREFIX); at >= 0; at = expression.indexOf(LABEL_PREFIX, at + 1)) {
            int start = at + LABEL_PREFIX.length();
            int end = start;
            while (end < expression.length() && "= &".indexOf(expression.charAt(end)) < 0) {
                end++;
            }
            labels.add(expression.substring(start, end));
        }
        return labels;
    }
}
