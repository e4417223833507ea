package io.registry.server.peer.codec;

/**
 * The bytes of a message are damaged, or say what this server does not understand. The message is of no use; those before
 * and after it are.
 */
public final class MalformedMessageException extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedMessageException(RuntimeException cause) {
        super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause, false, false);
    }
}
