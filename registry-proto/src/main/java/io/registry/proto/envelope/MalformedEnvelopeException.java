package io.registry.proto.envelope;

/** A message is no envelope: truncated, out of a bound, or not protobuf. Carries no stack trace, for a peer can make many. */
public final class MalformedEnvelopeException extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedEnvelopeException(String message) {
        super(message, null, false, false);
    }
}
