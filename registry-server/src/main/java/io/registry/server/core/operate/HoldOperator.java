package io.registry.server.core.operate;

import io.registry.api.model.ServiceKey;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.loss.Hold;
import io.registry.server.core.loss.LossGuard;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Losses that this node holds back, for operators.
 *
 * <p><b>Threading</b>: from any thread; never blocks.
 */
public final class HoldOperator {

    private final RegistryLoop loop;
    private final LossGuard guard;

    /** Makes the operator. */
    public HoldOperator(RegistryLoop loop, LossGuard guard) {
        this.loop = loop;
        this.guard = guard;
    }

    /** Returns the holds that run on this node, in the order in which their losses began. */
    public CompletableFuture<List<Hold>> list() {
        return loop.call(guard::list);
    }

    /**
     * Ends the hold of a service on this node: what nobody publishes goes.
     *
     * @return how many instances; 0 where no hold runs
     */
    public CompletableFuture<Integer> letGo(ServiceKey service) {
        return loop.call(() -> guard.letGo(service));
    }
}
