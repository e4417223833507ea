package io.registry.server.http;

import org.jspecify.annotations.Nullable;

/** Brings the path of a request into its one form, before anything is looked up by it. */
final class RequestPath {

    /** What is said of a path that has no one form. */
    static final String MALFORMED = "malformed path (expected: no ';', empty or relative segment)";

    private RequestPath() {}

    /**
     * Returns the path below the context path, without a trailing slash.
     *
     * @param uri the path as it was sent, still escaped
     * @param contextLength the length of the context path
     * @return null where the path has a form that a router and a filter could read differently: parameters, empty or
     *     relative segments, escaped slashes
     */
    static @Nullable String below(String uri, int contextLength) {
        for (int i = 0; i < uri.length(); i++) {
            char c = uri.charAt(i);
            if (c == ';' || c == '\\' || c == '/' && i + 1 < uri.length() && isOdd(uri.charAt(i + 1))) {
                return null;
            }
            if (c == '%' && (uri.regionMatches(true, i, "%2f", 0, 3) || uri.regionMatches(true, i, "%5c", 0, 3))) {
                return null;
            }
        }
        int end = uri.length();
        if (end > contextLength + 1 && uri.charAt(end - 1) == '/') {
            end--;
        }
        return uri.substring(contextLength, end);
    }

    /** Returns whether a character right after a slash makes the segment empty or relative. */
    private static boolean isOdd(char c) {
        return c == '/' || c == '.';
    }
}
