package io.registry.server.http;

/**
 * A request was answered before its handler could. For the few refusals whose form is their own; all others are a {@link
 * io.registry.api.error.RegistryException}. Carries no stack trace.
 */
public final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Answer answer;

    /** Makes a refusal with the answer that the caller gets. */
    public Refused(Answer answer) {
        super("refused", null, false, false);
        this.answer = answer;
    }

    Answer answer() {
        return answer;
    }
}
