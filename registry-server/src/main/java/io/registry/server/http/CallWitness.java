package io.registry.server.http;

/** Is told of each call that was answered, once its handler is done with it, and of each that was refused. */
public interface CallWitness {

    /**
     * Takes note of a call. Must neither block nor throw.
     *
     * @param answer what is about to be sent; refusals too, where a handler has made them into one
     */
    void answered(HttpCall call, Answer answer);

    /**
     * Takes note of a call whose caller may not make it. Must neither block nor throw.
     *
     * @param why as the caller is told
     */
    void refused(HttpCall call, String why);
}
