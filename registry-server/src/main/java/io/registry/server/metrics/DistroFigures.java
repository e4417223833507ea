package io.registry.server.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.registry.distro.DistroStatus;
import io.registry.distro.model.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The figures of the replication of ephemeral clients: of this node, and of each other member for as long as it is one.
 * What no picture shows is not a number.
 *
 * <p><b>Threading</b>: figures are read from any thread; {@link #members} is called by one thread at a time, with an order
 * between the calls.
 */
public final class DistroFigures {

    private static final double MILLIS_A_SECOND = 1e3;

    private final MeterRegistry meters;
    private final Supplier<@Nullable DistroStatus> latest;
    private final Map<NodeId, List<Meter>> peers = new TreeMap<>();

    /**
     * Makes the figures of a registry of meters.
     *
     * @param latest gives a picture that is about as old as a sample may be, or null; asked for each figure, and never
     *     waits
     */
    public DistroFigures(MeterRegistry meters, Supplier<@Nullable DistroStatus> latest) {
        this.meters = meters;
        this.latest = latest;
    }

    /** Registers the figures of this node. */
    public void bind() {
        gauge("records", DistroStatus::records);
        gauge("orphans", DistroStatus::orphans);
        gauge("tombstones", DistroStatus::tombstones);
        gauge("ready", status -> status.state().isReady() ? 1 : 0);
        gauge("drift.seconds", status -> status.driftMillis() / MILLIS_A_SECOND);
        gauge(
                "divergence.seconds",
                status -> status.peers().stream()
                                .mapToLong(DistroStatus.Peer::differingMillis)
                                .max()
                                .orElse(0)
                        / MILLIS_A_SECOND);
    }

    /** Registers the figures of members that are new, and removes those of members that are no more. */
    public void members(Collection<NodeId> others) {
        peers.entrySet().removeIf(known -> {
            boolean gone = !others.contains(known.getKey());
            if (gone) {
                known.getValue().forEach(meters::remove);
            }
            return gone;
        });
        for (NodeId peer : others) {
            peers.computeIfAbsent(peer, this::register);
        }
    }

    private List<Meter> register(NodeId peer) {
        List<Meter> registered = new ArrayList<>();
        registered.add(gauge("up", peer, picture -> picture.member().up() ? 1 : 0));
        registered.add(gauge("waiting", peer, DistroStatus.Peer::waiting));
        registered.add(gauge("lag.seconds", peer, picture -> picture.lagMillis() / MILLIS_A_SECOND));
        return registered;
    }

    private void gauge(String name, ToDoubleFunction<DistroStatus> value) {
        Gauge.builder("registry.distro." + name, () -> of(latest.get(), value)).register(meters);
    }

    private Gauge gauge(String name, NodeId peer, ToDoubleFunction<DistroStatus.Peer> value) {
        return Gauge.builder("registry.distro.peer." + name, () -> of(find(peer), value))
                .tag("peer", peer.value())
                .register(meters);
    }

    private DistroStatus.@Nullable Peer find(NodeId peer) {
        DistroStatus status = latest.get();
        return status == null
                ? null
                : status.peers().stream()
                        .filter(each -> each.member().id().equals(peer))
                        .findFirst()
                        .orElse(null);
    }

    private static <T> double of(@Nullable T picture, ToDoubleFunction<T> value) {
        return picture == null ? Double.NaN : value.applyAsDouble(picture);
    }
}
