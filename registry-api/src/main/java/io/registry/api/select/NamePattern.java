package io.registry.api.select;

/**
 * A pattern over names: a {@code *} at its start, at its end, at both, or alone stands for anything. Anywhere else it
 * stands for nothing, so such a pattern matches no name.
 *
 * @param text the pattern
 */
public record NamePattern(String text) {

    private static final String ANYTHING = "*";

    /** Returns whether a name matches. */
    public boolean matches(String name) {
        if (text.equals(ANYTHING)) {
            return true;
        }
        boolean anyStart = text.startsWith(ANYTHING);
        boolean anyEnd = text.length() > 1 && text.endsWith(ANYTHING);
        String core = text.substring(anyStart ? 1 : 0, text.length() - (anyEnd ? 1 : 0));
        if (core.contains(ANYTHING)) {
            return false;
        }
        if (anyStart) {
            return anyEnd ? name.contains(core) : name.endsWith(core);
        }
        return anyEnd ? name.startsWith(core) : name.equals(core);
    }
}
