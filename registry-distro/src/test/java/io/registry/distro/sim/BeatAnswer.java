package io.registry.distro.sim;

/** What a client hears of its beat, registration or deregistration. */
enum BeatAnswer {
    /** It was taken in. */
    DONE,
    /** The instance is not known, or what is known may be old: the client is to register. */
    REGISTER,
    /** The node cannot say. */
    ERROR
}
