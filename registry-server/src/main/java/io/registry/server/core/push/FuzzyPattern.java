package io.registry.server.core.push;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.ServiceKey;
import io.registry.api.select.NamePattern;

/**
 * A pattern over services: {@code namespace>>group>>name}. The namespace must be equal; in each other part a {@code *}
 * at the start, at the end or at both stands for anything, and anywhere else for nothing but itself.
 *
 * @param text the pattern as the client gave it
 * @param namespace the namespace
 * @param group the pattern of the group
 * @param name the pattern of the name
 */
public record FuzzyPattern(String text, String namespace, String group, String name) {

    private static final String SEPARATOR = ">>";

    /** The longest pattern, in UTF-16 units: the longest namespace, group and name together with their separators. */
    private static final int LENGTH_MAX = 768;

    /** Reads a pattern, or refuses it. */
    public static FuzzyPattern parse(String text) {
        String[] parts = text.length() > LENGTH_MAX ? new String[0] : text.split(SEPARATOR, -1);
        if (parts.length != 3 || parts[0].isEmpty() || parts[1].isEmpty() || parts[2].isEmpty()) {
            String shown = text.length() > LENGTH_MAX ? text.substring(0, 64) + "..." : text;
            throw new RegistryException(
                    ErrorCode.INVALID_PARAMETER,
                    "groupKeyPattern: " + shown + " (expected: namespace>>group>>service, at most " + LENGTH_MAX
                            + " characters)");
        }
        return new FuzzyPattern(text, parts[0], parts[1], parts[2]);
    }

    /** Returns whether a service matches. */
    public boolean matches(ServiceKey service) {
        return namespace.equals(service.namespace())
                && new NamePattern(group).matches(service.group())
                && new NamePattern(name).matches(service.name());
    }
}
