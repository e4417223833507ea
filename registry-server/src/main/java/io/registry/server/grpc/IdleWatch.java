package io.registry.server.grpc;

import io.grpc.Status;
import io.registry.distro.port.DistroTimer;
import io.registry.proto.codec.Pushes;
import io.registry.server.grpc.Connection.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the connections whose client is not there any more although the transport still seems to be.
 *
 * <p>A client that has been silent is asked once for a sign of life. Any sign counts, except from one whose stream has
 * been unread for long: that one must answer the question, since requests do not show that it reads. Transports that
 * never become a client are ended too.
 *
 * <p>Costs one look at each connection per round, and nothing per connection in between.
 *
 * <p><b>Threading</b>: rounds run where the timer runs them, one at a time.
 */
final class IdleWatch {

    private static final Logger LOG = LoggerFactory.getLogger(IdleWatch.class);
    private static final Duration FIRST_AFTER = Duration.ofSeconds(1);

    private final GrpcConfig.Idle idle;
    private final Duration setupTimeout;
    private final ConnectionManager manager;
    private final GrpcCounters counters;
    private final Pushes pushes;
    private final LongSupplier requestIds;
    private final DistroTimer timer;
    private final LongSupplier nanos;
    private volatile boolean stopped;

    IdleWatch(
            GrpcConfig config,
            ConnectionManager manager,
            GrpcCounters counters,
            Pushes pushes,
            LongSupplier requestIds,
            DistroTimer timer,
            LongSupplier nanos) {
        this.idle = config.idle();
        this.setupTimeout = config.limits().setupTimeout();
        this.manager = manager;
        this.counters = counters;
        this.pushes = pushes;
        this.requestIds = requestIds;
        this.timer = timer;
        this.nanos = nanos;
    }

    /** Begins to look, in a second. */
    void start() {
        timer.after(FIRST_AFTER, this::round);
    }

    /** Looks no more. */
    void stop() {
        stopped = true;
    }

    private void round() {
        if (stopped) {
            return;
        }
        long now = nanos.getAsLong();
        List<Probe> probes = new ArrayList<>();
        for (Connection connection : manager.all()) {
            if (connection.registered()) {
                boolean blocked =
                        connection.unreadNanos(now) >= idle.blockedAfter().toNanos();
                boolean silent =
                        now - connection.activeNanos() >= idle.probeAfter().toNanos();
                if ((blocked || silent) && connection.probe() == 0) {
                    probes.add(probe(connection, blocked, now));
                }
            } else if (connection.state() != State.JOINING && connection.ageNanos(now) >= setupTimeout.toNanos()) {
                counters.setupTimeouts.increment();
                manager.evict(connection, Status.OK);
            }
        }
        if (!probes.isEmpty()) {
            timer.after(idle.ackWithin(), () -> judge(probes));
        }
        timer.after(idle.scanEvery(), this::round);
    }

    private Probe probe(Connection connection, boolean blocked, long now) {
        long id = requestIds.getAsLong();
        connection.probe(id);
        counters.probes.increment();
        connection.write(pushes.clientDetection(Long.toString(id)));
        return new Probe(connection, id, blocked, now);
    }

    private void judge(List<Probe> probes) {
        int evicted = 0;
        String example = "";
        for (Probe probe : probes) {
            Connection connection = probe.connection();
            if (!connection.registered() || connection.probe() != probe.id()) {
                continue;
            }
            connection.probe(0);
            boolean sign = connection.activeNanos() - probe.sentNanos() > 0;
            if (probe.blocked() || !sign) {
                evicted++;
                example = connection.client().value();
                counters.evictions.increment();
                manager.evict(connection, Status.OK);
            }
        }
        if (evicted > 0) {
            LOG.info("connections ended, no sign of life: count={} example={}", evicted, example);
        }
    }

    private record Probe(Connection connection, long id, boolean blocked, long sentNanos) {}
}
