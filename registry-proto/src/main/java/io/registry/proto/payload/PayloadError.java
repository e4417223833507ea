package io.registry.proto.payload;

/** The error codes of answers. How a client reacts depends on the code and on the type of the answer that carries it. */
public enum PayloadError {
    /** The server does not serve yet; a client moves on to its next server. */
    NOT_READY(300),
    /** The connection is not registered; a client connects anew. */
    UNREGISTERED(301),
    /** No such type of request. */
    NO_HANDLER(302),
    /** A parameter is malformed or out of its range. */
    INVALID_PARAMETER(400),
    /** No permission; in a typed answer it makes a client log in anew. */
    NO_RIGHT(403),
    /** Something is not there. */
    NOT_FOUND(404),
    /** Something went wrong that the caller could not have prevented. */
    SERVER_ERROR(500),
    /** The body cannot be read, or the type is not allowed on this port. */
    BAD_GATEWAY(502),
    /** A limit is reached. */
    OVER_THRESHOLD(503),
    /** Too many patterns of fuzzy watches. */
    FUZZY_WATCH_PATTERNS(50_310),
    /** A pattern of a fuzzy watch matches too many services. */
    FUZZY_WATCH_MATCHES(50_311);

    private final int code;

    PayloadError(int code) {
        this.code = code;
    }

    /** Returns the number on the wire. */
    public int code() {
        return code;
    }
}
