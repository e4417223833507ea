package io.registry.proto.codec;

/** No request has this type. {@link PayloadTypes#kindOf} tells so beforehand. Carries no stack trace. */
public final class UnknownTypeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnknownTypeException(String type) {
        super("payload type: " + type, null, false, false);
    }
}
