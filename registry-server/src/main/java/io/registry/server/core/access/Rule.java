package io.registry.server.core.access;

import org.jspecify.annotations.Nullable;

/**
 * What a call asks of its caller. Every call has one.
 *
 * @param need what the caller has to be
 * @param verb what the caller must be allowed to do; null where that is not asked
 */
public record Rule(Need need, @Nullable Verb verb) {

    /** What a caller has to be. */
    public enum Need {
        /** Anybody. */
        NOTHING,
        /** A user who may do it, where clients have to log in at all. */
        CLIENT,
        /** A user who may do it, always. */
        OPERATOR,
        /** Any user, always. */
        USER,
        /** The administrator, always. */
        ADMINISTRATOR,
        /** Any user, where those who read figures have to log in at all. */
        METRICS
    }

    /** Anybody: probes, and the login itself. */
    public static final Rule OPEN = new Rule(Need.NOTHING, null);

    /** A client that says what it is. */
    public static final Rule REGISTER = new Rule(Need.CLIENT, Verb.REGISTER);

    /** A client that asks for others. */
    public static final Rule DISCOVER = new Rule(Need.CLIENT, Verb.DISCOVER);

    /** An operator who looks at what clients see, and at what they do not. */
    public static final Rule INSPECT = new Rule(Need.OPERATOR, Verb.DISCOVER);

    /** An operator who changes what is said of services and instances. */
    public static final Rule OPERATE = new Rule(Need.OPERATOR, Verb.OPERATE);

    /** Any user: about themselves, and what every user may see. */
    public static final Rule ANY_USER = new Rule(Need.USER, null);

    /** What concerns the node, the cluster or its users as a whole. */
    public static final Rule ADMINISTER = new Rule(Need.ADMINISTRATOR, null);

    /** Who reads figures. */
    public static final Rule METRICS = new Rule(Need.METRICS, null);
}
