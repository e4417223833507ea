package io.registry.server.boot;

import io.registry.server.core.health.HealthChecks;
import io.registry.server.health.NetworkProbe;
import org.springframework.context.SmartLifecycle;

/** Starts the checks when what is kept has been read, and ends them before the log is closed. */
final class HealthLifecycle implements SmartLifecycle {

    private final HealthChecks checks;
    private final NetworkProbe probe;
    private volatile boolean running;

    HealthLifecycle(HealthChecks checks, NetworkProbe probe) {
        this.checks = checks;
        this.probe = probe;
    }

    @Override
    public void start() {
        checks.start();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        checks.close();
        probe.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return CoreLifecycle.PHASE + 1;
    }
}
