package io.registry.server.core.persistent;

import java.util.List;

/**
 * A rule for which instances a consumer sees. Kept and shown as it was given.
 *
 * @param type {@code none} or {@code label}
 * @param expression the expression of a {@code label} selector, else empty
 */
public record Selector(String type, String expression) {

    /** The selector that lets everything through. */
    public static final Selector NONE = new Selector("none", "");

    /** The types that exist, in the order in which they are listed. */
    public static final List<String> TYPES = List.of("label", "none");
}
