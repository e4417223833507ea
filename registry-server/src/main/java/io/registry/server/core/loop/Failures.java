package io.registry.server.core.loop;

import java.util.concurrent.CompletionException;

/** What has gone wrong in a stage, beneath what the stages around it have wrapped it in. */
public final class Failures {

    private Failures() {}

    /** Returns the failure itself. */
    public static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
