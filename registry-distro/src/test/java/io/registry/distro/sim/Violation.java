package io.registry.distro.sim;

/** What must not happen has happened. */
public final class Violation extends AssertionError {

    private static final long serialVersionUID = 1;

    /** Says what has happened. */
    public Violation(String what) {
        super(what);
    }

    /** Says what has happened, and what made it happen. */
    public Violation(String what, Throwable cause) {
        super(what, cause);
    }
}
