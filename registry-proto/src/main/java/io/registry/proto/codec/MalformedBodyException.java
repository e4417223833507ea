package io.registry.proto.codec;

/**
 * A body is not what its type promises: no JSON, JSON of another shape, or out of a bound. Carries no stack trace, for a
 * client can make many.
 */
public final class MalformedBodyException extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedBodyException(String message) {
        super(message, null, false, false);
    }
}
