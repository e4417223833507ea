package io.registry.server.core.operate;

import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroProtocol;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.port.Cancellable;
import io.registry.distro.port.DistroTimer;
import io.registry.server.core.client.ClientData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who waits until this node has what was written of a client on another one.
 *
 * <p><b>Threading</b>: on the loop only.
 */
final class KnownWaits {

    private final DistroTimer timer;
    private final DistroProtocol<ServiceKey, ClientData> distro;
    private final Map<ClientId, List<Waiting>> waiting = new LinkedHashMap<>();

    private static final class Waiting {
        final long told;
        final Consumer<Boolean> then;

        @Nullable
        Cancellable timeout;

        Waiting(long told, Consumer<Boolean> then) {
            this.told = told;
            this.then = then;
        }
    }

    KnownWaits(DistroTimer timer, DistroProtocol<ServiceKey, ClientData> distro) {
        this.timer = timer;
        this.distro = distro;
    }

    /**
     * Has something done when a write is known here, or a later one of the same client; or when the time is over.
     *
     * @param told the hybrid time of the write; 0 for none, which is known at once
     * @param then told whether it is known
     */
    void await(ClientId client, long told, Duration within, Consumer<Boolean> then) {
        if (isKnown(client, told) || within.isZero()) {
            then.accept(isKnown(client, told));
            return;
        }
        Waiting wait = new Waiting(told, then);
        waiting.computeIfAbsent(client, key -> new ArrayList<>()).add(wait);
        wait.timeout = timer.after(within, () -> end(client, wait, false));
    }

    /** Takes in that what is known of a client has changed. */
    void changed(ClientId client) {
        List<Waiting> waits = waiting.isEmpty() ? null : waiting.get(client);
        if (waits == null) {
            return;
        }
        for (Waiting wait : List.copyOf(waits)) {
            if (isKnown(client, wait.told)) {
                end(client, wait, true);
            }
        }
    }

    private void end(ClientId client, Waiting wait, boolean known) {
        List<Waiting> waits = waiting.get(client);
        if (waits == null || !waits.remove(wait)) {
            return;
        }
        if (waits.isEmpty()) {
            waiting.remove(client);
        }
        if (wait.timeout != null) {
            wait.timeout.cancel();
        }
        wait.then.accept(known);
    }

    private boolean isKnown(ClientId client, long told) {
        DistroRecord<ClientData> known = distro.known(client);
        return told == 0 || (known != null && known.stamp().told() >= told);
    }
}
