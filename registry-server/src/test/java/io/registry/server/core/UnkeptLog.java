package io.registry.server.core;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.persistent.PersistentChange;
import io.registry.server.core.persistent.PersistentCommand;
import io.registry.server.core.persistent.PersistentLog;
import io.registry.server.core.persistent.PersistentStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A log for tests that are about other things: each command is applied at once and kept nowhere, unless the log is said
 * to be out of order.
 */
public record UnkeptLog(
        RegistryLoop loop, PersistentStore store, Consumer<PersistentChange> listener, BooleanSupplier inOrder)
        implements PersistentLog {

    @Override
    public CompletableFuture<@Nullable Void> start() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<@Nullable Void> propose(PersistentCommand command) {
        if (!inOrder.getAsBoolean()) {
            return CompletableFuture.failedFuture(new RegistryException(ErrorCode.NO_LEADER, "out of order"));
        }
        return loop.call(() -> {
            listener.accept(store.apply(command));
            return null;
        });
    }

    @Override
    public boolean leads() {
        return true;
    }

    @Override
    public String describe() {
        return "not kept";
    }

    @Override
    public void close() {}
}
