package io.registry.server.core.access;

/**
 * Who acts: what is done on their behalf bears it, on the node that is asked and on those that carry it out.
 *
 * @param kind what they are
 * @param name the name of the user, or the id of the node; empty for who has not said it
 */
public record Principal(Kind kind, String name) {

    /** A caller who has not said who they are, where that is not asked. */
    public static final Principal ANONYMOUS = new Principal(Kind.ANONYMOUS, "");

    /** What someone is. */
    public enum Kind {
        /** A caller who has not said who they are. */
        ANONYMOUS,
        /** A user who has proved it. */
        USER,
        /** A member of the cluster, of its own accord. */
        NODE
    }

    /** Returns a user. */
    public static Principal user(String name) {
        return new Principal(Kind.USER, name);
    }

    /** Returns a member of the cluster. */
    public static Principal node(String id) {
        return new Principal(Kind.NODE, id);
    }

    /** Returns whether they have said who they are. */
    public boolean isKnown() {
        return kind != Kind.ANONYMOUS;
    }
}
