package io.registry.server.http;

import io.registry.api.error.ErrorCode;

/**
 * The one place where a refusal becomes an HTTP status, a number and a body. Stable short texts: no class names, no
 * stack traces.
 */
public final class HttpErrors {

    private HttpErrors() {}

    /** Returns the answer to a refused call. */
    public static Answer answer(Dialect dialect, ErrorCode code, String message) {
        return answer(dialect, status(code), code, message);
    }

    /** Returns the answer to a refused call, with a status that is not the code's own. */
    public static Answer answer(Dialect dialect, int status, ErrorCode code, String message) {
        return switch (dialect) {
            case NAMING_V1 -> Answer.text(status, namingText(code, message));
            case CONSOLE_V1 -> Answer.text(status, consoleText(code, message));
            case ENVELOPE -> envelope(status, code, message);
        };
    }

    private static int status(ErrorCode code) {
        return switch (code) {
            case INVALID_PARAMETER,
                    MISSING_PARAMETER,
                    WEIGHT,
                    METADATA,
                    INSTANCE,
                    KIND_MISMATCH,
                    SERVICE_NOT_FOUND,
                    SERVICE_EXISTS,
                    SERVICE_NOT_EMPTY,
                    SELECTOR,
                    HEALTH_CHECK_WORKING,
                    NAMESPACE_EXISTS,
                    NAMESPACE_IN_USE,
                    ILLEGAL_STATE,
                    UNSUPPORTED,
                    UNREGISTERED -> 400;
            case FORBIDDEN -> 403;
            case INSTANCE_NOT_FOUND, NOT_FOUND, NAMESPACE_NOT_FOUND -> 404;
            case OVER_LIMIT -> 429;
            case OVERLOADED, NOT_READY -> 503;
            case NO_LEADER, STORAGE, UNREACHABLE, INTERNAL -> 500;
        };
    }

    /** Some refusals carry their number in the text, with a blank at the end that scripts have come to match. */
    private static String namingText(ErrorCode code, String message) {
        return switch (code) {
            case KIND_MISMATCH -> coded(400, message);
            case NO_LEADER, STORAGE -> coded(500, message);
            case INTERNAL -> "caused: " + message + ";";
            default -> message;
        };
    }

    private static String consoleText(ErrorCode code, String message) {
        return switch (code) {
            case MISSING_PARAMETER, NOT_READY, OVERLOADED, OVER_LIMIT -> message;
            default -> "caused: " + message + ";";
        };
    }

    private static Answer envelope(int status, ErrorCode code, String message) {
        Envelope.Code number = number(code);
        return switch (code) {
            case KIND_MISMATCH -> Envelope.error(status, number, coded(400, message));
            case NO_LEADER, STORAGE -> Envelope.error(status, number, coded(500, message));
            case INTERNAL -> Envelope.error(status, number, null);
            default -> Envelope.error(status, number, message);
        };
    }

    private static String coded(int number, String message) {
        return "errCode: " + number + ", errMsg: " + message + " ";
    }

    private static Envelope.Code number(ErrorCode code) {
        return switch (code) {
            case MISSING_PARAMETER -> Envelope.Code.PARAMETER_MISSING;
            case INVALID_PARAMETER -> Envelope.Code.PARAMETER_INVALID;
            case WEIGHT -> Envelope.Code.WEIGHT;
            case METADATA -> Envelope.Code.METADATA;
            case INSTANCE -> Envelope.Code.INSTANCE;
            case INSTANCE_NOT_FOUND, NOT_FOUND -> Envelope.Code.NOT_FOUND;
            case SERVICE_NOT_FOUND -> Envelope.Code.SERVICE_NOT_FOUND;
            case SERVICE_EXISTS -> Envelope.Code.SERVICE_EXISTS;
            case SERVICE_NOT_EMPTY -> Envelope.Code.SERVICE_NOT_EMPTY;
            case SELECTOR -> Envelope.Code.SELECTOR;
            case NAMESPACE_NOT_FOUND -> Envelope.Code.NAMESPACE_NOT_FOUND;
            case NAMESPACE_EXISTS -> Envelope.Code.NAMESPACE_EXISTS;
            case NAMESPACE_IN_USE -> Envelope.Code.NAMESPACE_ILLEGAL;
            case ILLEGAL_STATE -> Envelope.Code.ILLEGAL_STATE;
            case KIND_MISMATCH,
                    HEALTH_CHECK_WORKING,
                    UNREGISTERED,
                    OVER_LIMIT,
                    OVERLOADED,
                    NOT_READY,
                    NO_LEADER,
                    STORAGE,
                    FORBIDDEN,
                    UNREACHABLE,
                    UNSUPPORTED,
                    INTERNAL -> Envelope.Code.SERVER_ERROR;
        };
    }
}
