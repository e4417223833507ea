package io.registry.proto.payload;

import org.jspecify.annotations.Nullable;

/**
 * What one side says to the other's request: on the stream a client's acknowledgement of a push, which is told by its
 * request id alone, whatever its type.
 *
 * @param type the name of its type on the wire
 * @param resultCode {@link #SUCCESS}, or anything else for a failure
 * @param errorCode why, see {@link PayloadError}; 0 on success
 * @param message what went wrong, in words
 * @param requestId the id of the request; null on unary calls
 */
public record Ack(
        String type,
        int resultCode,
        int errorCode,
        @Nullable String message,
        @Nullable String requestId) {

    /** The result code of success, which is also the default. */
    public static final int SUCCESS = 200;

    /** The result code of most failures. */
    public static final int FAILURE = 500;

    /** Returns whether the other side succeeded. */
    public boolean succeeded() {
        return resultCode == SUCCESS;
    }
}
