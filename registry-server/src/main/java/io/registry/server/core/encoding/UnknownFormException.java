package io.registry.server.core.encoding;

/**
 * Bytes that this server does not understand: they are damaged, or were written by a newer one. Whoever reads persistent
 * state must stop, since passing over them would make this node's state differ from that of others.
 */
public final class UnknownFormException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Makes one that says what was found and what was expected. */
    public UnknownFormException(String message) {
        super(message);
    }
}
