package io.registry.client.runtime;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What follows the end of something that was asked for. */
public final class Outcome {

    private static final Logger log = LoggerFactory.getLogger(Outcome.class);

    private Outcome() {}

    /**
     * Has something done when a future is complete, on the thread that completes it. A failure of the handler itself is a
     * defect, and logged as one.
     *
     * @param handler takes the value, or the cause; the other is null
     */
    @SuppressWarnings({"FutureReturnValueIgnored", "NullAway"}) // the handler's failure is dealt with here
    public static <T> void of(CompletableFuture<T> future, BiConsumer<T, @Nullable Throwable> handler) {
        future.whenComplete((value, failure) -> {
            try {
                handler.accept(value, failure instanceof CompletionException wrapped ? wrapped.getCause() : failure);
            } catch (RuntimeException e) {
                log.error("a defect of the client: an outcome could not be dealt with", e);
            }
        });
    }
}
