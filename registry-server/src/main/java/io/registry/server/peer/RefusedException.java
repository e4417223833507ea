package io.registry.server.peer;

/** The other side of a stream is not one to speak with. The message says what it is and what was expected. */
final class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
        super(message, null, false, false);
    }
}
