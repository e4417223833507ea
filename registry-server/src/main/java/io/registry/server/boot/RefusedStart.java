package io.registry.server.boot;

/** The start stops because of what the operator asked for. The message is complete, and on one line where it can be. */
final class RefusedStart extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RefusedStart(String message) {
        super(message, null, false, false);
    }

    /** Returns the refusal for a failure whose message is for the operator. */
    static RefusedStart because(Throwable failure) {
        String message = failure.getMessage();
        return new RefusedStart(message == null ? failure.toString() : message);
    }
}
