package io.registry.server.http;

/**
 * One call that the server understands.
 *
 * @param method the HTTP method, in capitals
 * @param path the path below the context path, without a trailing slash; a segment of {@code {}} stands for any text,
 *     which {@link HttpCall#segment} returns
 * @param access what it asks of its callers
 * @param dialect how its refusals are worded
 * @param handler what answers it
 */
public record Route(String method, String path, Access access, Dialect dialect, Handler handler) {

    private static final String ANY = "{}";

    /** Returns whether some segment of the path is free. */
    boolean isPattern() {
        return path.contains(ANY);
    }

    /** Returns whether a path fits the pattern of this route. */
    boolean fits(String candidate) {
        int at = 0;
        int in = 0;
        while (at < path.length() && in < candidate.length()) {
            if (path.startsWith(ANY, at)) {
                int end = candidate.indexOf('/', in);
                in = end < 0 ? candidate.length() : end;
                at += ANY.length();
            } else if (path.charAt(at++) != candidate.charAt(in++)) {
                return false;
            }
        }
        return at == path.length() && in == candidate.length();
    }
}
