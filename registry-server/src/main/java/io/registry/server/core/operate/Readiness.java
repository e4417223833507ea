package io.registry.server.core.operate;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether clients may come.
 *
 * <p><b>Threading</b>: from any thread.
 */
public final class Readiness {

    /** Where in its life the node is. */
    public enum Phase {
        /** Loading; nothing is answered and nothing is pushed. */
        STARTING,
        /** Serving. */
        UP,
        /** No longer a member of its cluster; clients are told to move. */
        OUTSIDE,
        /** Stopping; clients are told to move. */
        STOPPING
    }

    private volatile Phase phase = Phase.STARTING;
    private final Supplier<@Nullable String> overridden;

    /**
     * Makes a node that is starting.
     *
     * @param overridden the status that an operator has set, or null; the protocol's words, such as {@code DOWN}
     */
    public Readiness(Supplier<@Nullable String> overridden) {
        this.overridden = overridden;
    }

    /** Moves to another phase of life. */
    public void enter(Phase next) {
        phase = next;
    }

    /** Returns where in its life the node is. */
    public Phase phase() {
        return phase;
    }

    /** Returns whether the node serves; what an operator has set does not count here. */
    public boolean isServing() {
        return phase == Phase.UP;
    }

    /** Returns whether clients may come: the node serves, and no operator has said otherwise. */
    public boolean isReady() {
        return isServing() && status().equals("UP");
    }

    /** Returns the status in the protocol's words: what an operator has set, else that of the phase. */
    public String status() {
        String set = overridden.get();
        if (set != null) {
            return set;
        }
        return switch (phase) {
            case STARTING -> "STARTING";
            case UP -> "UP";
            case OUTSIDE, STOPPING -> "DOWN";
        };
    }
}
