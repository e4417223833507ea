package io.registry.server.core.persistent;

import io.registry.api.model.ServiceKey;
import org.jspecify.annotations.Nullable;

/**
 * What applying one command has changed.
 *
 * @param service the service it was about, or null where it was about none
 * @param after that service's persistent state afterwards; null where nothing is left, or where it was about none
 * @param address the only one of its instances that may differ, as {@code ip:port}; null where any may
 */
public record PersistentChange(
        @Nullable ServiceKey service,
        PersistentState.@Nullable Service after,
        @Nullable String address) {

    /** A change that concerns no service. */
    public static final PersistentChange ELSEWHERE = new PersistentChange(null, null, null);
}
