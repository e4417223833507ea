package io.registry.server.core.push;

import io.registry.distro.model.ClientId;
import io.registry.distro.port.Cancellable;
import io.registry.distro.port.DistroClock;
import io.registry.distro.port.DistroTimer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The pushes that wait for their acknowledgement. All wait equally long, so the oldest is always the next to run out:
 * one timer serves them all, and costs nothing while none is out.
 *
 * <p><b>Threading</b>: on the loop only.
 */
final class Acknowledgements {

    /** What is told when a push is over. */
    interface Waiter {
        /** Says how a push has ended: acknowledged, refused, or not answered in time. */
        void over(Outcome outcome);
    }

    /** How a push ended. */
    enum Outcome {
        ACKNOWLEDGED,
        REFUSED,
        SILENCE
    }

    private record Waiting(ClientId client, long deadlineMillis, Waiter waiter) {}

    private final DistroTimer timer;
    private final DistroClock clock;
    private final Duration timeout;
    private final Map<Long, Waiting> waiting = new LinkedHashMap<>();
    private @Nullable Cancellable armed;
    private long last;

    Acknowledgements(DistroTimer timer, DistroClock clock, Duration timeout) {
        this.timer = timer;
        this.clock = clock;
        this.timeout = timeout;
    }

    long nextId() {
        return ++last;
    }

    void await(long id, ClientId client, Waiter waiter) {
        waiting.put(id, new Waiting(client, clock.monotonicMillis() + timeout.toMillis(), waiter));
        if (armed == null) {
            armed = timer.after(timeout, this::sweep);
        }
    }

    void acknowledged(ClientId client, long id, boolean success) {
        Waiting found = waiting.get(id);
        // An acknowledgement may arrive twice, late, or on the connection that has followed: each is no news.
        if (found != null && found.client().equals(client)) {
            waiting.remove(id);
            found.waiter().over(success ? Outcome.ACKNOWLEDGED : Outcome.REFUSED);
        }
    }

    int size() {
        return waiting.size();
    }

    private void sweep() {
        armed = null;
        long now = clock.monotonicMillis();
        while (!waiting.isEmpty()) {
            Map.Entry<Long, Waiting> oldest = waiting.entrySet().iterator().next();
            long left = oldest.getValue().deadlineMillis() - now;
            if (left > 0) {
                armed = timer.after(Duration.ofMillis(left), this::sweep);
                return;
            }
            waiting.remove(oldest.getKey());
            oldest.getValue().waiter().over(Outcome.SILENCE);
        }
    }
}
