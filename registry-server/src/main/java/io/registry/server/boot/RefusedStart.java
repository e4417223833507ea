package io.registry.server.boot;

/** The start stops because of what the operator asked for. The message is complete, and on one line where it can be. */
final class RefusedStart extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RefusedStart(String message) {
        super(message, null, false, false);
    }
}
