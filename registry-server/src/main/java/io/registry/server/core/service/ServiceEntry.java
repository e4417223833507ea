package io.registry.server.core.service;

import io.registry.api.model.ServiceKey;
import org.jspecify.annotations.Nullable;

/**
 * One service of the index.
 *
 * <p><b>Threading</b>: {@link #publish} on the loop only; {@link #view} from any thread. What readers see is published
 * by one volatile write.
 */
final class ServiceEntry {

    private final ServiceKey key;
    private volatile ServiceState state;
    private volatile @Nullable ServiceView view;

    /** When the last instance left, on the monotonic clock; meaningful while there is none. Written on the loop. */
    long emptySinceMillis;

    ServiceEntry(ServiceKey key, ServiceState state, long nowMillis) {
        this.key = key;
        this.state = state;
        this.emptySinceMillis = nowMillis;
    }

    ServiceKey key() {
        return key;
    }

    ServiceState state() {
        return state;
    }

    void publish(ServiceState next) {
        state = next;
        // A view of an old revision would keep its bytes alive until somebody asks again.
        view = null;
    }

    ServiceView view() {
        ServiceState now = state;
        ServiceView made = view;
        if (made == null || made.revision() != now.revision()) {
            made = new ServiceView(key, now);
            view = made;
        }
        return made;
    }
}
