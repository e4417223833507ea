package io.registry.server.http;

import io.registry.api.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Is told of each call that was answered, once its handler is done with it, and of each that was refused. */
public interface CallWitness {

    /**
     * Takes note of a call. Must neither block nor throw.
     *
     * @param access what the mapping of the call asks of its caller
     * @param answer what is about to be sent; refusals too, where a handler has made them into one
     */
    void answered(Access access, HttpCall call, Answer answer);

    /**
     * Takes note of a call that was let in and not done, as far as is known: where the log has no answer in time, it may
     * still be. Must neither block nor throw.
     *
     * @param access what the mapping of the call asks of its caller
     * @param code what went wrong
     */
    void failed(Access access, HttpCall call, ErrorCode code);

    /**
     * Takes note of a call whose caller may not make it. Must neither block nor throw.
     *
     * @param name the name of a user that was given and not proved; null where there was none
     * @param why as the caller is told
     */
    void refused(HttpCall call, @Nullable String name, String why);
}
