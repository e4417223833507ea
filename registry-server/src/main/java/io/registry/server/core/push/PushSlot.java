package io.registry.server.core.push;

import io.registry.api.model.ServiceKey;
import io.registry.server.core.service.Shown;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's view of one service through one filter: what it was sent last, and what it has acknowledged.
 *
 * <p><b>Threading</b>: on the loop, except {@link #settleUntilMillis}, which answers to queries move forward.
 */
final class PushSlot {

    final Subscriber subscriber;
    final ServiceKey service;
    final String clusters;

    /** The revision that was sent last, in an answer or a push. */
    long sentRevision;

    /** The greatest revision that the subscriber has acknowledged, or that an answer has shown it. */
    long acknowledgedRevision;

    /** The number of the last push, 0 where there was none, or where it has been acknowledged. */
    long outstanding;

    /** The number of the last push that carried the whole service. */
    long wholeId;

    /**
     * What the subscriber was told last over its own way, so that it can be told the difference; null where it is to be
     * told the whole. Kept only for who is not behind, so that a slow subscriber holds no old list.
     */
    @Nullable
    Shown told;

    /** No push before this time of the monotonic clock. */
    volatile long settleUntilMillis;

    /** Not before this time after a refusal. */
    long retryAtMillis;

    /** When the change that the next push will carry was seen first; 0 while nothing is due. */
    long dirtySinceNanos;

    PushSlot(Subscriber subscriber, ServiceKey service, String clusters) {
        this.subscriber = subscriber;
        this.service = service;
        this.clusters = clusters;
    }

    long dueMillis() {
        return Math.max(settleUntilMillis, retryAtMillis);
    }
}
