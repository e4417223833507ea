package io.registry.api.listen;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Is told which services of a pattern come and go. The same object ends the watch, so lambdas have to be kept.
 *
 * <p><b>Threading</b>: as {@link ServiceListener}.
 */
@FunctionalInterface
public interface FuzzyWatcher {

    /** Is told of one service. */
    void onEvent(FuzzyWatchEvent event);

    /** Returns where to be called; null for the shared thread. Asked once for each watch. */
    default @Nullable Executor executor() {
        return null;
    }
}
