package io.registry.server.sim;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.server.core.persistent.PersistentCommand;
import io.registry.server.core.persistent.PersistentLog;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A persistent log that nobody leads: what is replicated without it must not need it. */
final class NoLog implements PersistentLog {

    @Override
    public CompletableFuture<@Nullable Void> start() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<@Nullable Void> propose(PersistentCommand command) {
        return CompletableFuture.failedFuture(new RegistryException(ErrorCode.NO_LEADER, "nobody leads"));
    }

    @Override
    public boolean leads() {
        return false;
    }

    @Override
    public String describe() {
        return "none";
    }

    @Override
    public void close() {}
}
