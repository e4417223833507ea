package io.registry.client.listen;

import io.registry.api.listen.ServiceListener;
import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.api.select.InstanceSelector;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Who listens to which service.
 *
 * <p><b>Threading</b>: for the client loop; listeners are called elsewhere, see {@link ServiceListener}.
 */
public final class ChangeNotifier {

    private final Executor shared;
    private final Map<ServiceKey, List<Subscription>> subscriptions = new LinkedHashMap<>();

    /**
     * Makes a notifier.
     *
     * @param shared where listeners are called that bring no executor
     */
    public ChangeNotifier(Executor shared) {
        this.shared = shared;
    }

    /**
     * Adds a listener, unless it is there.
     *
     * @param owner on whose behalf
     * @param known what it is told at first; null where nothing is known yet
     */
    public void add(
            Object owner,
            ServiceKey service,
            InstanceSelector selector,
            ServiceListener listener,
            @Nullable List<Instance> known) {
        List<Subscription> of = subscriptions.computeIfAbsent(service, key -> new ArrayList<>());
        for (Subscription each : of) {
            if (each.is(owner, selector, listener)) {
                return;
            }
        }
        Executor own = listener.executor();
        Subscription subscription = new Subscription(owner, service, selector, listener, own == null ? shared : own);
        of.add(subscription);
        if (known != null) {
            subscription.offer(known);
        }
    }

    /** Removes a listener; returns whether its owner has no other listener of the service. */
    public boolean remove(Object owner, ServiceKey service, InstanceSelector selector, ServiceListener listener) {
        List<Subscription> of = subscriptions.getOrDefault(service, List.of());
        boolean last = true;
        for (Iterator<Subscription> all = of.iterator(); all.hasNext(); ) {
            Subscription each = all.next();
            if (each.is(owner, selector, listener)) {
                each.end();
                all.remove();
            } else if (each.isOf(owner)) {
                last = false;
            }
        }
        if (of.isEmpty()) {
            subscriptions.remove(service);
        }
        return last;
    }

    /** Removes all listeners of an owner. */
    public void removeAll(Object owner) {
        subscriptions.values().removeIf(of -> {
            of.removeIf(each -> {
                if (each.isOf(owner)) {
                    each.end();
                }
                return each.isOf(owner);
            });
            return of.isEmpty();
        });
    }

    /** Returns the services that an owner listens to. */
    public List<ServiceKey> services(Object owner) {
        List<ServiceKey> services = new ArrayList<>();
        subscriptions.forEach((service, of) -> {
            if (of.stream().anyMatch(each -> each.isOf(owner))) {
                services.add(service);
            }
        });
        return services;
    }

    /** Says what a service is now. */
    public void changed(ServiceKey service, List<Instance> instances) {
        for (Subscription each : subscriptions.getOrDefault(service, List.of())) {
            each.offer(instances);
        }
    }
}
