package io.registry.server.http.naming;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Search words as callers send them: the text may stand anywhere, and {@code *} in it stands for any text. Never a regular
 * expression, which a caller could make arbitrarily expensive.
 */
public final class Patterns {

    /** The longest search word: as long as the longest grouped name. */
    private static final int LENGTH_MAX = 642;

    private Patterns() {}

    /** Returns what texts a search word finds; absent finds all, too long finds none. */
    public static Predicate<String> containing(@Nullable String word) {
        if (word == null || word.isEmpty()) {
            return text -> true;
        }
        if (word.length() > LENGTH_MAX) {
            return text -> false;
        }
        if (word.indexOf('*') < 0) {
            return text -> text.contains(word);
        }
        return text -> contains(text, word);
    }

    /** Finds the parts between the stars in their order; taking each as early as possible misses nothing. */
    private static boolean contains(String text, String word) {
        int from = 0;
        int start = 0;
        while (start <= word.length()) {
            int star = word.indexOf('*', start);
            int end = star < 0 ? word.length() : star;
            int found = text.indexOf(word.substring(start, end), from);
            if (found < 0) {
                return false;
            }
            from = found + end - start;
            start = end + 1;
        }
        return true;
    }
}
