package io.registry.proto.http;

/**
 * The codes of the envelope {@code {"code":…,"message":…,"data":…}} in the HTTP API v2 and v3, as far as naming
 * answers them.
 */
public enum ResultCode {
    /** All went well. */
    SUCCESS(0, "success", 200),
    /** A required parameter is not there. */
    PARAMETER_MISSING(10_000, "parameter missing", 400),
    /** The caller may not do this. */
    ACCESS_DENIED(10_001, "access denied", 403),
    /** A parameter is malformed or out of its range. */
    PARAMETER_VALIDATE_ERROR(20_002, "parameter validate error", 400),
    /** What the call is about is not there. */
    RESOURCE_NOT_FOUND(20_004, "resource not found", 404),
    /** A weight out of its range. */
    WEIGHT_ERROR(21_001, "weight error", 400),
    /** Metadata that cannot be read. */
    INSTANCE_METADATA_ERROR(21_002, "instance metadata error", 400),
    /** A beat for an instance that is not there; in the API of 3.x, with status 200. */
    INSTANCE_NOT_FOUND(21_003, "instance not found", 200),
    /** The instance is malformed or not there. */
    INSTANCE_ERROR(21_004, "instance error", 400),
    /** The selector is of no known type. */
    SELECTOR_ERROR(21_006, "selector error", 400),
    /** The service is there already. */
    SERVICE_ALREADY_EXIST(21_007, "service already exist", 400),
    /** The service is not there. */
    SERVICE_NOT_EXIST(21_008, "service not exist", 400),
    /** The service has instances and cannot be removed. */
    SERVICE_DELETE_FAILURE(21_009, "service delete failure", 400),
    /** The namespace is not there. */
    NAMESPACE_NOT_EXIST(22_001, "namespace not exist", 404),
    /** The namespace is there already; the API of 2.x sends it with status 500. */
    NAMESPACE_ALREADY_EXIST(22_002, "namespace already exist", 400),
    /** A state that does not exist, or in which the call makes no sense. */
    ILLEGAL_STATE(23_000, "illegal state", 400),
    /** Anything else that went wrong; the status varies with the cause. */
    SERVER_ERROR(30_000, "server error", 500);

    private final int code;
    private final String message;
    private final int status;

    ResultCode(int code, String message, int status) {
        this.code = code;
        this.message = message;
        this.status = status;
    }

    /** Returns the number in the envelope. */
    public int code() {
        return code;
    }

    /** Returns the fixed text that goes with the number. */
    public String message() {
        return message;
    }

    /** Returns the HTTP status that goes with it where a call has none of its own. */
    public int status() {
        return status;
    }
}
