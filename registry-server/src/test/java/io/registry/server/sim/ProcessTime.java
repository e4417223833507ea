package io.registry.server.sim;

import io.registry.distro.port.Cancellable;
import io.registry.distro.sim.engine.SimProcess;
import io.registry.server.core.VirtualExecutor;
import java.util.concurrent.TimeUnit;

/** The thread of a process, which has none. */
final class ProcessTime extends VirtualExecutor {

    private final SimProcess process;

    ProcessTime(SimProcess process) {
        this.process = process;
    }

    @Override
    protected Cancellable later(Runnable task, long nanos) {
        // Not too early: a timer rounds up.
        return process.after(TimeUnit.NANOSECONDS.toMillis(nanos + TimeUnit.MILLISECONDS.toNanos(1) - 1), task);
    }
}
