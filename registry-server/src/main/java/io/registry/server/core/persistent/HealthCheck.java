package io.registry.server.core.persistent;

/**
 * How the health of persistent instances is judged.
 *
 * @param type which kind of check
 * @param path the path of an HTTP check, else empty
 * @param headers the headers of an HTTP check, as given, else empty
 * @param expectedCode the expected status of an HTTP check
 */
public record HealthCheck(Type type, String path, String headers, int expectedCode) {

    /** The kinds of check. */
    public enum Type {
        /** Connect to the port. */
        TCP,
        /** Ask a path over HTTP. */
        HTTP,
        /** A database command; known to the protocol, shown, and never run. */
        MYSQL,
        /** No check: health is what was registered or set by hand. */
        NONE
    }

    /** The check of a cluster about which nobody has said anything. */
    public static final HealthCheck TCP = new HealthCheck(Type.TCP, "", "", 200);

    /** No check. */
    public static final HealthCheck NONE = new HealthCheck(Type.NONE, "", "", 200);
}
