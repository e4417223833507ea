package io.registry.server.core.push;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.ServiceKey;
import io.registry.distro.model.ClientId;
import io.registry.distro.port.Cancellable;
import io.registry.distro.port.DistroTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who waits until all subscribers of a service have acknowledged it.
 *
 * <p><b>Threading</b>: on the loop only.
 */
final class SeenWaits {

    /** How many may wait at once on a node: every client of a large one that leaves with its whole rack. */
    private static final int WAITS_MAX = 10_000;

    private final DistroTimer timer;
    private final Map<ServiceKey, List<Wait>> waits = new HashMap<>();
    private int count;

    private static final class Wait {
        final ServiceKey service;
        final long revision;
        final int subscribers;
        final Set<PushSlot> missing;
        final Consumer<Seen> then;

        @Nullable
        Cancellable timeout;

        Wait(ServiceKey service, long revision, int subscribers, Set<PushSlot> missing, Consumer<Seen> then) {
            this.service = service;
            this.revision = revision;
            this.subscribers = subscribers;
            this.missing = missing;
            this.then = then;
        }

        Seen seen() {
            return new Seen(subscribers, List.copyOf(clients(missing)));
        }
    }

    SeenWaits(DistroTimer timer) {
        this.timer = timer;
    }

    /** Has something done when all slots have acknowledged a revision, or when the time is over. */
    void await(ServiceKey service, long revision, Set<PushSlot> slots, Duration timeout, Consumer<Seen> then) {
        Set<PushSlot> missing = new LinkedHashSet<>();
        for (PushSlot slot : slots) {
            if (slot.acknowledgedRevision < revision) {
                missing.add(slot);
            }
        }
        Wait wait = new Wait(service, revision, clients(slots).size(), missing, then);
        if (missing.isEmpty() || timeout.isZero()) {
            then.accept(wait.seen());
            return;
        }
        if (count >= WAITS_MAX) {
            throw new RegistryException(
                    ErrorCode.OVER_LIMIT,
                    "waits for subscribers: " + count + " (expected: fewer than " + WAITS_MAX + ")");
        }
        count++;
        waits.computeIfAbsent(service, key -> new ArrayList<>()).add(wait);
        wait.timeout = timer.after(timeout, () -> end(wait));
    }

    /** Takes in that a slot has acknowledged more than before. */
    void acknowledged(PushSlot slot) {
        for (Wait wait : of(slot)) {
            if (slot.acknowledgedRevision >= wait.revision) {
                without(wait, slot);
            }
        }
    }

    /** Takes in that a slot is no more. */
    void gone(PushSlot slot) {
        of(slot).forEach(wait -> without(wait, slot));
    }

    private List<Wait> of(PushSlot slot) {
        List<Wait> found = count == 0 ? null : waits.get(slot.service);
        return found == null ? List.of() : List.copyOf(found);
    }

    private void without(Wait wait, PushSlot slot) {
        if (wait.missing.remove(slot) && wait.missing.isEmpty()) {
            end(wait);
        }
    }

    private void end(Wait wait) {
        List<Wait> ofService = waits.get(wait.service);
        if (ofService == null || !ofService.remove(wait)) {
            return;
        }
        count--;
        if (ofService.isEmpty()) {
            waits.remove(wait.service);
        }
        if (wait.timeout != null) {
            wait.timeout.cancel();
        }
        wait.then.accept(wait.seen());
    }

    private static Set<ClientId> clients(Set<PushSlot> slots) {
        Set<ClientId> clients = new TreeSet<>();
        slots.forEach(slot -> clients.add(slot.subscriber.client));
        return clients;
    }
}
