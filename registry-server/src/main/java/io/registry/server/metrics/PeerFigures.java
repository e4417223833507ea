package io.registry.server.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/**
 * The figures of the cluster port: of each member that this node speaks with, from the moment at which it does.
 *
 * <p><b>Threading</b>: any.
 */
public final class PeerFigures {

    private static final String PEER = "peer";

    private final MeterRegistry meters;

    /** Makes the figures of a registry of meters. */
    public PeerFigures(MeterRegistry meters) {
        this.meters = meters;
    }

    /**
     * Registers whether there is a stream to a peer.
     *
     * @param peer the id of the node
     */
    public void up(String peer, BooleanSupplier up) {
        Gauge.builder("registry.peer.up", up, now -> now.getAsBoolean() ? 1 : 0)
                .tag(PEER, peer)
                .strongReference(true)
                .register(meters);
    }

    /**
     * Registers counters of one kind, of a peer.
     *
     * @param name of the figure, without {@code registry.peer.}
     * @param tag what tells them apart
     * @param counters by the value of the tag
     */
    public void counters(String name, String peer, String tag, Map<String, LongAdder> counters) {
        counters.forEach((value, counter) -> FunctionCounter.builder("registry.peer." + name, counter, LongAdder::sum)
                .tag(PEER, peer)
                .tag(tag, value)
                .register(meters));
    }

    /** Registers a counter of the port. */
    public void counter(String name, LongAdder counter) {
        FunctionCounter.builder("registry.peer." + name, counter, LongAdder::sum)
                .register(meters);
    }
}
