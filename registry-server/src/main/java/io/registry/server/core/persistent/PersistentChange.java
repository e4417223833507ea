package io.registry.server.core.persistent;

import io.registry.api.model.ServiceKey;
import org.jspecify.annotations.Nullable;

/**
 * What applying one command has changed, or what taking over a whole state has changed of one service.
 *
 * @param service the service it was about, or null where it was about none
 * @param after that service's persistent state afterwards; null where nothing is left, or where it was about none
 * @param address the only one of its instances that may differ, as {@code ip:port}; null where any may
 * @param restored whether this node has only now read what was decided before
 */
public record PersistentChange(
        @Nullable ServiceKey service,
        PersistentState.@Nullable Service after,
        @Nullable String address,
        boolean restored) {

    /** A change that concerns no service. */
    public static final PersistentChange ELSEWHERE = new PersistentChange(null, null, null);

    /** A change that has just been decided. */
    public PersistentChange(
            @Nullable ServiceKey service, PersistentState.@Nullable Service after, @Nullable String address) {
        this(service, after, address, false);
    }

    /** Returns this as of what was decided before. */
    public PersistentChange asRestored() {
        return new PersistentChange(service, after, address, true);
    }
}
