package io.registry.client.redo;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.proto.codec.MalformedBodyException;
import io.registry.proto.payload.Ack;
import java.util.Set;

/** What failures of the gRPC protocol mean to an application, and to the client itself. */
public final class Failures {

    /** Asking again would be answered in the same way. */
    private static final Set<Integer> FOR_GOOD = Set.of(302, 400, 403, 404, 50_310, 50_311);

    private Failures() {}

    /** Returns whether a repetition is of no use. */
    static boolean isForGood(Ack ack) {
        return FOR_GOOD.contains(ack.errorCode());
    }

    /** Returns whether there was no right. */
    public static boolean isDenied(Ack ack) {
        return ack.errorCode() == 403;
    }

    /** Returns the exception for a failed answer. */
    public static RegistryException of(Ack ack) {
        ErrorCode code = switch (ack.errorCode()) {
            case 300 -> ErrorCode.NOT_READY;
            case 301 -> ErrorCode.UNREGISTERED;
            case 302 -> ErrorCode.UNSUPPORTED;
            case 400 -> ErrorCode.INVALID_PARAMETER;
            case 403 -> ErrorCode.FORBIDDEN;
            case 404 -> ErrorCode.NOT_FOUND;
            case 503 -> ErrorCode.OVERLOADED;
            case 50_310, 50_311 -> ErrorCode.OVER_LIMIT;
            default -> ErrorCode.INTERNAL;
        };
        String message = ack.message();
        return new RegistryException(
                code, message == null || message.isEmpty() ? "refused with code " + ack.errorCode() : message);
    }

    /** Returns the exception for what was not answered. */
    public static RegistryException unreachable(String text) {
        return new RegistryException(ErrorCode.UNREACHABLE, text);
    }

    /** Makes the failure of an answer that cannot be read. */
    public static RegistryException malformed(MalformedBodyException e) {
        return new RegistryException(ErrorCode.INTERNAL, "an answer that cannot be read: " + e.getMessage());
    }
}
