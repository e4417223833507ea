package io.registry.server.peer;

import io.registry.api.model.ServiceKey;
import io.registry.distro.message.DistroMessage;
import io.registry.server.core.client.ClientData;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What waits until the stream to a peer takes more: the newest digest, which is a heartbeat and passes the rest, and a
 * bounded number of other messages in their order. What comes above the bound is dropped; replication says again what
 * matters.
 *
 * <p><b>Threading</b>: filled by any thread, emptied by one.
 */
final class SendQueue {

    private final int max;
    private final PeerCounters counters;
    private final AtomicReference<@Nullable DistroMessage<ServiceKey, ClientData>> digest = new AtomicReference<>();
    private final Queue<DistroMessage<ServiceKey, ClientData>> others = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    SendQueue(int max, PeerCounters counters) {
        this.max = max;
        this.counters = counters;
    }

    void add(DistroMessage<ServiceKey, ClientData> message) {
        if (message instanceof DistroMessage.Digest<ServiceKey, ClientData>) {
            if (digest.getAndSet(message) != null) {
                counters.outdated.increment();
            }
        } else if (waiting.incrementAndGet() > max) {
            waiting.decrementAndGet();
            counters.overflow.increment();
        } else {
            others.add(message);
        }
    }

    @Nullable
    DistroMessage<ServiceKey, ClientData> pollDigest() {
        return digest.getAndSet(null);
    }

    @Nullable
    DistroMessage<ServiceKey, ClientData> pollOther() {
        DistroMessage<ServiceKey, ClientData> next = others.poll();
        if (next != null) {
            waiting.decrementAndGet();
        }
        return next;
    }

    /** Drops what waits. */
    void clear() {
        if (pollDigest() != null) {
            counters.unconnected.increment();
        }
        while (pollOther() != null) {
            counters.unconnected.increment();
        }
    }
}
