package io.registry.client.listen;

import io.registry.api.listen.ServiceChange;
import io.registry.api.listen.ServiceListener;
import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.api.select.InstanceSelector;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listener with its selector, and what it was told last. Of lists that come while it is being told, the last counts.
 *
 * <p><b>Threading</b>: offered to on the client loop; tells on its executor, one call at a time. The two meet in {@code
 * next}, which holds what is to be told, and {@code scheduled}, which one call at a time has.
 */
final class Subscription implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(Subscription.class);

    private final Object owner;
    private final ServiceKey service;
    private final InstanceSelector selector;
    private final ServiceListener listener;
    private final Executor executor;
    private final AtomicReference<@Nullable List<Instance>> next = new AtomicReference<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile boolean ended;

    /** Written by one call at a time. */
    private List<Instance> told = List.of();

    Subscription(
            Object owner, ServiceKey service, InstanceSelector selector, ServiceListener listener, Executor executor) {
        this.owner = owner;
        this.service = service;
        this.selector = selector;
        this.listener = listener;
        this.executor = executor;
    }

    boolean is(Object otherOwner, InstanceSelector otherSelector, ServiceListener otherListener) {
        return owner == otherOwner && listener == otherListener && selector.equals(otherSelector);
    }

    boolean isOf(Object otherOwner) {
        return owner == otherOwner;
    }

    void offer(List<Instance> instances) {
        next.set(instances);
        schedule();
    }

    void end() {
        ended = true;
    }

    @Override
    public void run() {
        List<Instance> instances = next.getAndSet(null);
        if (instances != null && !ended) {
            tell(instances);
        }
        scheduled.set(false);
        if (next.get() != null) {
            schedule();
        }
    }

    private void schedule() {
        if (!scheduled.compareAndSet(false, true)) {
            return;
        }
        try {
            executor.execute(this);
        } catch (RejectedExecutionException e) {
            scheduled.set(false);
            log.warn("listener not called, its executor takes no work: service={}", service);
        }
    }

    private void tell(List<Instance> instances) {
        try {
            ServiceChange change = Difference.between(service, told, selector.select(instances));
            told = change.instances();
            if (!change.isEmpty()) {
                listener.onChange(change);
            }
        } catch (Throwable e) { // whatever an application's code throws must not reach the other listeners
            log.warn("listener failed: service={} listener={}", service, listener, e);
        }
    }
}
