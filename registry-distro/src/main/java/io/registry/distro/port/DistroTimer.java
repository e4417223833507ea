package io.registry.distro.port;

import java.time.Duration;

/**
 * Timers.
 *
 * <p><b>Threading:</b> called on the owner's loop, and runs tasks on that same loop, never inside the call.
 */
@FunctionalInterface
public interface DistroTimer {

    /**
     * Runs a task once, later.
     *
     * @param delay the time to wait, by the monotonic clock; zero means as soon as the loop is free
     * @param task what to run
     * @return takes the task back while it has not run
     */
    Cancellable after(Duration delay, Runnable task);
}
