package io.registry.server.core.access;

/** Patterns in which {@code *} stands for any text, none included, and whatever else stands for itself. */
public final class Glob {

    private static final char ANY = '*';

    private Glob() {}

    /** Returns whether the whole of a text fits a pattern; takes at most the product of their lengths. */
    public static boolean fits(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int mark = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == ANY) {
                star = p++;
                mark = t;
            } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++mark;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == ANY) {
            p++;
        }
        return p == pattern.length();
    }
}
