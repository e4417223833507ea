package io.registry.server.core.access;

/** What may be done with services. */
public enum Verb {
    /** To say and take back that an instance is there. */
    REGISTER,
    /** To see which services there are, and their instances. */
    DISCOVER,
    /** To change what others have registered, and what is set about services. */
    OPERATE
}
