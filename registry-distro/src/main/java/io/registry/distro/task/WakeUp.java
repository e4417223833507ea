package io.registry.distro.task;

import io.registry.distro.port.Cancellable;
import io.registry.distro.port.DistroClock;
import io.registry.distro.port.DistroTimer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One armed timer for the earliest of many deadlines.
 *
 * <p>It may ring before the deadline last asked for, when an earlier one was asked for before and has gone since;
 * whoever is woken looks at what is due and asks again.
 *
 * <p><b>Threading:</b> runs on the owner's loop.
 */
public final class WakeUp {

    /** The deadline that never comes. */
    public static final long NEVER = Long.MAX_VALUE;

    private final DistroClock clock;
    private final DistroTimer timer;
    private final Runnable onDue;
    private @Nullable Cancellable armed;
    private long armedForMillis = NEVER;

    /**
     * Makes a wake-up that is not armed.
     *
     * @param onDue what to run when a deadline has come
     */
    public WakeUp(DistroClock clock, DistroTimer timer, Runnable onDue) {
        this.clock = clock;
        this.timer = timer;
        this.onDue = onDue;
    }

    /**
     * Sees to it that the timer rings at a deadline, or earlier.
     *
     * @param deadlineMillis the earliest deadline, by the monotonic clock; {@link #NEVER} where nothing waits
     */
    public void arm(long deadlineMillis) {
        if (deadlineMillis == NEVER) {
            disarm();
        } else if (armed == null || deadlineMillis < armedForMillis) {
            disarm();
            armedForMillis = deadlineMillis;
            long delayMillis = Math.max(0, deadlineMillis - clock.monotonicMillis());
            armed = timer.after(Duration.ofMillis(delayMillis), this::ring);
        }
    }

    private void ring() {
        armed = null;
        armedForMillis = NEVER;
        onDue.run();
    }

    private void disarm() {
        if (armed != null) {
            armed.cancel();
            armed = null;
            armedForMillis = NEVER;
        }
    }
}
