package io.registry.server.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.registry.server.core.push.PushObserver;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** Counts pushes and measures their latency, from the change to the sending and to the acknowledgement. */
public final class PushFigures implements PushObserver {

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5)
    };

    private final Timer toSend;
    private final Timer toAcknowledgement;
    private final LongAdder total = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder empty = new LongAdder();
    private final LongAdder costNanos = new LongAdder();
    private final LongAccumulator maxNanos = new LongAccumulator(Math::max, -1);

    /** Registers the figures. */
    public PushFigures(MeterRegistry meters) {
        this.toSend = Timer.builder("registry.push.send")
                .description("from a change to the sending of the push that carries it")
                .serviceLevelObjectives(BUCKETS)
                .register(meters);
        this.toAcknowledgement = Timer.builder("registry.push.acknowledgement")
                .description("from a change to the acknowledgement of the push that carried it")
                .serviceLevelObjectives(BUCKETS)
                .register(meters);
    }

    @Override
    public void sent(long sinceChangeNanos, boolean isEmpty) {
        toSend.record(sinceChangeNanos, TimeUnit.NANOSECONDS);
        total.increment();
        if (isEmpty) {
            empty.increment();
        }
    }

    @Override
    public void over(long sinceChangeNanos, boolean acknowledged) {
        if (!acknowledged) {
            failed.increment();
            return;
        }
        toAcknowledgement.record(sinceChangeNanos, TimeUnit.NANOSECONDS);
        costNanos.add(sinceChangeNanos);
        maxNanos.accumulate(sinceChangeNanos);
    }

    /** Returns how many pushes were sent. */
    public long total() {
        return total.sum();
    }

    /** Returns how many were refused or not answered. */
    public long failed() {
        return failed.sum();
    }

    /** Returns how many carried an empty list. */
    public long empty() {
        return empty.sum();
    }

    /** Returns how many were acknowledged. */
    public long acknowledged() {
        return toAcknowledgement.count();
    }

    /** Returns the sum of the times to acknowledgement, in milliseconds. */
    public long costMillis() {
        return TimeUnit.NANOSECONDS.toMillis(costNanos.sum());
    }

    /** Returns the longest time to acknowledgement in milliseconds, -1 before the first. */
    public long maxMillis() {
        long max = maxNanos.get();
        return max < 0 ? -1 : TimeUnit.NANOSECONDS.toMillis(max);
    }

    /** Returns the mean time to acknowledgement in milliseconds, -1 before the first. */
    public long averageMillis() {
        long count = acknowledged();
        return count == 0 ? -1 : costMillis() / count;
    }
}
