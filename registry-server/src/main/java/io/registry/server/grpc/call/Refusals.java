package io.registry.server.grpc.call;

import io.registry.api.error.ErrorCode;
import io.registry.proto.codec.Answers;
import io.registry.proto.envelope.OutboundEnvelope;
import io.registry.proto.payload.PayloadError;

/**
 * How a refusal looks on this protocol: the one place where codes become numbers.
 *
 * <p>Clients take the two forms differently. A refusal in the answer's own type reaches the caller at once; an {@code
 * ErrorResponse} is tried again four times, and 301 makes the client connect anew. So the second form is for what
 * another attempt, or another connection, may mend, and for the few refusals that are recorded in that form.
 */
public final class Refusals {

    private Refusals() {}

    /**
     * Returns a refusal.
     *
     * @param type the type of the answer that the client expects
     */
    public static OutboundEnvelope of(String type, ErrorCode code, String text) {
        return switch (code) {
            case INVALID_PARAMETER, MISSING_PARAMETER, METADATA ->
                Answers.refusal(type, PayloadError.INVALID_PARAMETER, "Param check invalid:" + text);
            case KIND_MISMATCH, INSTANCE -> Answers.failure(PayloadError.INVALID_PARAMETER, text);
            case UNREGISTERED -> Answers.unregistered();
            case NOT_READY -> Answers.error(PayloadError.NOT_READY, text);
            case OVERLOADED, OVER_LIMIT -> Answers.refusal(type, PayloadError.OVER_THRESHOLD, text);
            case NO_LEADER, STORAGE, UNREACHABLE -> Answers.refusal(type, PayloadError.SERVER_ERROR, text);
            case FORBIDDEN -> Answers.refusal(type, PayloadError.NO_RIGHT, text);
            case INTERNAL -> failed();
            case WEIGHT,
                    SERVICE_EXISTS,
                    SERVICE_NOT_EMPTY,
                    SELECTOR,
                    HEALTH_CHECK_WORKING,
                    NAMESPACE_EXISTS,
                    NAMESPACE_IN_USE,
                    UNSUPPORTED,
                    ILLEGAL_STATE -> Answers.refusal(type, PayloadError.INVALID_PARAMETER, text);
            case INSTANCE_NOT_FOUND, NOT_FOUND, SERVICE_NOT_FOUND, NAMESPACE_NOT_FOUND ->
                Answers.refusal(type, PayloadError.NOT_FOUND, text);
        };
    }

    /** Returns what a call is told that met a fault of this server. */
    public static OutboundEnvelope failed() {
        return Answers.failure(PayloadError.SERVER_ERROR, "internal error");
    }

    /** Returns what a call is told whose operation is unknown. */
    static OutboundEnvelope unknownOperation(String operation) {
        return Answers.failure(PayloadError.INVALID_PARAMETER, "Unsupported request type " + operation);
    }
}
