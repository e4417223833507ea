package io.registry.server.boot;

import io.registry.server.core.cluster.Replication;
import io.registry.server.core.persistent.PersistentLog;
import io.registry.server.core.push.HttpSubscriptions;
import io.registry.server.core.service.EmptyServiceSweep;
import io.registry.server.core.service.OverrideWatch;
import io.registry.server.flight.FlightRecorder;
import io.registry.server.node.NodeIdentity;
import io.registry.server.node.WarmRestart;
import io.registry.server.udp.UdpEndpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Starts the core before any port opens, and stops it when all are closed. */
final class CoreLifecycle implements SmartLifecycle {

    /** Before every port; {@link ServingLifecycle} comes after all of them. */
    static final int PHASE = 0;

    private static final Logger LOG = LoggerFactory.getLogger(CoreLifecycle.class);

    private final WarmRestart warm;
    private final Replication replication;
    private final HttpSubscriptions http;
    private final UdpEndpoint udp;
    private final EmptyServiceSweep sweep;
    private final OverrideWatch overrides;
    private final PersistentLog log;
    private final FlightRecorder recorder;
    private final NodeIdentity node;
    private final NodeThreads threads;
    private volatile CompletableFuture<@Nullable Void> loaded = new CompletableFuture<>();
    private volatile boolean running;

    CoreLifecycle(
            WarmRestart warm,
            Replication replication,
            HttpSubscriptions http,
            UdpEndpoint udp,
            EmptyServiceSweep sweep,
            OverrideWatch overrides,
            PersistentLog log,
            FlightRecorder recorder,
            NodeIdentity node,
            NodeThreads threads) {
        this.warm = warm;
        this.replication = replication;
        this.http = http;
        this.udp = udp;
        this.sweep = sweep;
        this.overrides = overrides;
        this.log = log;
        this.recorder = recorder;
        this.node = node;
        this.threads = threads;
    }

    @Override
    public void start() {
        try {
            recorder.start("incarnation " + node.incarnation());
            LOG.info("persistent log: {}", log.describe());
            loaded = log.start();
            replication.keep(warm.load());
            udp.open();
            threads.udp().execute(udp::receive);
            http.start();
            sweep.start();
            overrides.start();
            running = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until what is kept, and what other members know, has been loaded; that has gone on while the ports opened. */
    void awaitLoaded() {
        try {
            loaded.join();
        } catch (CompletionException e) {
            throw RefusedStart.because(e.getCause() == null ? e : e.getCause());
        }
        replication.awaitReady();
    }

    @Override
    public void stop() {
        running = false;
        warm.writeNow();
        try {
            udp.close();
        } catch (IOException e) {
            LOG.warn("udp socket not closed: cause={}", e.toString());
        }
        log.close();
        recorder.close();
        threads.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
