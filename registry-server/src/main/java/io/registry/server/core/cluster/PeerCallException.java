package io.registry.server.core.cluster;

/**
 * Another node did not do what it was asked. Expected in operation, so it carries no stack trace.
 */
public final class PeerCallException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What is known of the call. */
    public enum Reason {
        /** The node was not asked: nothing has come about, and nothing is known. */
        UNREACHED,
        /** The node was asked and has not answered in time: it may have done it, or may do it yet. */
        UNANSWERED,
        /** The node has answered that it does not do it. */
        REFUSED
    }

    private final Reason reason;

    /**
     * Makes a failure.
     *
     * @param message which node, and what has happened
     */
    public PeerCallException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    /** Returns what is known of the call. */
    public Reason reason() {
        return reason;
    }
}
