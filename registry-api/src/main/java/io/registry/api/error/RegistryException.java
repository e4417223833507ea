package io.registry.api.error;

/**
 * A call was refused, and nothing has changed. Expected in operation and made often, so it carries no stack trace.
 */
public final class RegistryException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    /**
     * Makes a refusal.
     *
     * @param code why
     * @param message what the caller is shown: field, value and rule
     */
    public RegistryException(ErrorCode code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    /** Returns why. */
    public ErrorCode code() {
        return code;
    }

    /** Returns what the caller is shown. */
    @Override
    public String getMessage() {
        String message = super.getMessage();
        return message == null ? code.name() : message;
    }
}
