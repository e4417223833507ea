package io.registry.server.core.persistent;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The port to the log that orders and keeps all changes of persistent state.
 *
 * <p>An implementation applies each committed command to its {@link PersistentStore}, in the order of the log, on one
 * thread at a time, and then tells its listener, in a turn of the loop. It never loses what it has acknowledged.
 */
public interface PersistentLog extends AutoCloseable {

    /**
     * Opens the log. Does not block.
     *
     * @return completes when this node's copy is complete enough to serve from, and the listener has been told of all of
     *     it; fails where the log cannot be opened, with a message that says what to do
     */
    CompletableFuture<@Nullable Void> start();

    /**
     * Proposes a command. Never blocks.
     *
     * @return completes when the command is committed, applied on this node, and its change has reached the listener
     * @throws io.registry.api.error.RegistryException or the stage fails with it: {@code NO_LEADER} where no majority
     *     answers, {@code STORAGE} where this node cannot keep it, {@code OVERLOADED} where too much waits, {@code
     *     OVER_LIMIT} where it is too long. Except for the last, the command may still be committed later
     */
    CompletionStage<@Nullable Void> propose(PersistentCommand command);

    /** Returns whether this node does what only one of a group should do; on a single node it always does. Any thread. */
    boolean leads();

    /** Returns a word on what this log is, for the line at the start. */
    String describe();

    @Override
    void close();
}
