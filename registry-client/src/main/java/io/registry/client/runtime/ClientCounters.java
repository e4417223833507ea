package io.registry.client.runtime;

import io.registry.api.ClientFigures;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the SDK has done on one connection after the other, counted.
 *
 * <p><b>Threading</b>: any thread; a reading is exact once nothing is being counted.
 */
public final class ClientCounters {

    private final LongAdder connections = new LongAdder();
    private final LongAdder pushes = new LongAdder();
    private final LongAdder repetitions = new LongAdder();
    private final LongAdder refusals = new LongAdder();
    private final LongAdder answered = new LongAdder();
    private final LongAdder unanswered = new LongAdder();
    private final LongAdder answerNanos = new LongAdder();

    /** Counts a connection that is in use from now on. */
    public void connected() {
        connections.increment();
    }

    /** Counts a push of a service. */
    public void pushed() {
        pushes.increment();
    }

    /** Counts a request that was made before. */
    public void repeated() {
        repetitions.increment();
    }

    /** Counts a refusal for good reason. */
    public void refused() {
        refusals.increment();
    }

    /**
     * Counts a request that was answered.
     *
     * @param nanos how long that took
     */
    public void answered(long nanos) {
        answered.increment();
        answerNanos.add(nanos);
    }

    /** Counts a request that was not answered. */
    public void unanswered() {
        unanswered.increment();
    }

    /**
     * Returns all figures.
     *
     * @param services how many services are known, which is not counted here
     */
    public ClientFigures figures(int services) {
        return new ClientFigures(
                connections.sum(),
                pushes.sum(),
                repetitions.sum(),
                refusals.sum(),
                answered.sum(),
                unanswered.sum(),
                Duration.ofNanos(answerNanos.sum()),
                services);
    }
}
