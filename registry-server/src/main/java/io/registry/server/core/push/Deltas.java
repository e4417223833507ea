package io.registry.server.core.push;

import io.registry.server.core.service.ServiceDelta;
import io.registry.server.core.service.ServicePayload;
import io.registry.server.core.service.Shown;
import java.util.IdentityHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The deltas of a service to its newest lists, each found once however many subscribers are told it.
 *
 * <p><b>Threading</b>: on the loop only.
 */
final class Deltas {

    /** How many are kept at once: one for each filter and each revision that somebody was left behind at. */
    private static final int MAX = 32;

    private final IdentityHashMap<Shown, Optional<ServiceDelta>> found = new IdentityHashMap<>();
    private long revision = -1;

    /** Returns the delta; null where the newer list is better sent as it is. */
    @Nullable
    ServiceDelta between(Shown before, ServicePayload now) {
        if (revision != now.revision()) {
            found.clear();
            revision = now.revision();
        }
        Optional<ServiceDelta> known = found.get(before);
        if (known == null) {
            known = Optional.ofNullable(ServiceDelta.between(before, now));
            if (found.size() < MAX) {
                found.put(before, known);
            }
        }
        return known.orElse(null);
    }
}
