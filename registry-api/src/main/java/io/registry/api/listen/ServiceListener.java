package io.registry.api.listen;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Is told what became of a service. The same object unsubscribes, so lambdas have to be kept.
 *
 * <p><b>Threading</b>: the calls for one subscription come one after the other, on {@link #executor()} or on the one
 * thread that all listeners of the process share. A listener that blocks the shared thread delays all others; one that
 * throws is logged and harms nobody.
 */
@FunctionalInterface
public interface ServiceListener {

    /**
     * Is told the first list, unless it is empty, and every change of it afterwards. Changes that come while a call is
     * under way may be told as one.
     */
    void onChange(ServiceChange change);

    /** Returns where to be called; null for the shared thread. Asked once for each subscription. */
    default @Nullable Executor executor() {
        return null;
    }
}
