package io.registry.server.core;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.server.core.persistent.PersistentCommand;
import io.registry.server.core.persistent.PersistentLog;
import io.registry.server.core.persistent.PersistentStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A log for tests that say when each command is committed, and what its caller is told before. */
public final class LateLog implements PersistentLog {

    /** What becomes of a command that is proposed. */
    public enum Manner {
        /** It is committed at once. */
        AT_ONCE,
        /** Its caller waits until it is committed. */
        WAITING,
        /** Its caller is told that there is no leader; it may be committed all the same. */
        REFUSED
    }

    private final PersistentStore store;
    private final List<Proposed> waiting = new ArrayList<>();
    private Manner manner = Manner.AT_ONCE;

    private record Proposed(PersistentCommand command, CompletableFuture<@Nullable Void> answer) {}

    /** Makes a log that commits at once. */
    public LateLog(PersistentStore store) {
        this.store = store;
    }

    /** Says what becomes of what is proposed from now on. */
    public void become(Manner next) {
        manner = next;
    }

    /** Commits one of those that are not committed yet, by its number from 0 in the order of the proposals. */
    public void commit(int number) {
        commit(waiting.remove(number));
    }

    private void commit(Proposed proposed) {
        store.apply(proposed.command());
        proposed.answer().complete(null);
    }

    @Override
    public CompletableFuture<@Nullable Void> start() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<@Nullable Void> propose(PersistentCommand command) {
        Proposed proposed = new Proposed(command, new CompletableFuture<>());
        switch (manner) {
            case AT_ONCE -> commit(proposed);
            case WAITING -> waiting.add(proposed);
            case REFUSED -> {
                waiting.add(proposed);
                proposed.answer().completeExceptionally(new RegistryException(ErrorCode.NO_LEADER, "out of order"));
            }
        }
        return proposed.answer();
    }

    @Override
    public boolean leads() {
        return true;
    }

    @Override
    public String describe() {
        return "late";
    }

    @Override
    public void close() {}
}
