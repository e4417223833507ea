package io.registry.server.core.persistent;

import java.util.concurrent.CompletionStage;

/**
 * The port to the log that orders and keeps all changes of persistent state.
 *
 * <p>An implementation applies each committed command to its {@link PersistentStore}, in the order of the log, on one
 * thread at a time, and then tells its listener. It never loses what it has acknowledged, unless its name says so.
 */
public interface PersistentLog extends AutoCloseable {

    /**
     * Proposes a command. Never blocks.
     *
     * @return completes when the command is committed, applied on this node, and its change has reached the listener;
     *     fails with a {@link io.registry.api.error.RegistryException} of code {@code NO_LEADER} where no majority
     *     answers, in which case the command may still be committed later
     */
    CompletionStage<PersistentChange> propose(PersistentCommand command);

    /** Returns a word on what this log is, for the line at the start. */
    String describe();

    /** Returns whether this node's copy is complete enough to serve from. */
    boolean isReady();

    @Override
    void close();
}
