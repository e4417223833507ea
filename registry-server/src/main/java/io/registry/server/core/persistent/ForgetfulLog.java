package io.registry.server.core.persistent;

import io.registry.server.core.loop.RegistryLoop;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A log that keeps nothing beyond the life of the process: each command is applied at once, in a turn of the loop, and
 * forgotten with the process.
 */
public final class ForgetfulLog implements PersistentLog {

    private final RegistryLoop loop;
    private final PersistentStore store;
    private final Consumer<PersistentChange> listener;

    /**
     * Makes a log.
     *
     * @param listener told of each change, in the turn that applies it
     */
    public ForgetfulLog(RegistryLoop loop, PersistentStore store, Consumer<PersistentChange> listener) {
        this.loop = loop;
        this.store = store;
        this.listener = listener;
    }

    @Override
    public CompletionStage<PersistentChange> propose(PersistentCommand command) {
        return loop.call(() -> {
            PersistentChange change = store.apply(command);
            listener.accept(change);
            return change;
        });
    }

    @Override
    public String describe() {
        return "in memory: persistent instances, service settings and namespaces are forgotten when the process ends";
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public void close() {}
}
