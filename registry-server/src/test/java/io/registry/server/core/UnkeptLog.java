package io.registry.server.core;

import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.persistent.PersistentChange;
import io.registry.server.core.persistent.PersistentCommand;
import io.registry.server.core.persistent.PersistentLog;
import io.registry.server.core.persistent.PersistentStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A log for tests that are about other things: each command is applied at once and kept nowhere. */
public record UnkeptLog(RegistryLoop loop, PersistentStore store, Consumer<PersistentChange> listener)
        implements PersistentLog {

    @Override
    public CompletableFuture<@Nullable Void> start() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<@Nullable Void> propose(PersistentCommand command) {
        return loop.call(() -> {
            listener.accept(store.apply(command));
            return null;
        });
    }

    @Override
    public String describe() {
        return "not kept";
    }

    @Override
    public void close() {}
}
