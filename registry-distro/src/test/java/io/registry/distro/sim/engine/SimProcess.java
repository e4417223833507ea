package io.registry.distro.sim.engine;

import io.registry.distro.port.Cancellable;

/**
 * The turns of a process. One that is over does nothing any more, and one that stands still does later what it was to do
 * meanwhile.
 */
public final class SimProcess {

    private final SimLoop loop;
    private boolean over;
    private long pausedUntilMillis;

    /** Makes a process that runs. */
    public SimProcess(SimLoop loop) {
        this.loop = loop;
    }

    /** Returns whether it is over. */
    public boolean isOver() {
        return over;
    }

    /** Ends it. */
    public void end() {
        over = true;
    }

    /** Lets it stand still for a while, from now on. */
    public void pause(long millis) {
        pausedUntilMillis = Math.max(pausedUntilMillis, loop.nowMillis() + millis);
    }

    /** Does something now, or when it runs again, or never if it is over by then. */
    public void turn(Runnable task) {
        if (over) {
            return;
        }
        long waitMillis = pausedUntilMillis - loop.nowMillis();
        if (waitMillis > 0) {
            loop.after(waitMillis, () -> turn(task));
        } else {
            task.run();
        }
    }

    /** Does something later, under the same conditions. */
    public Cancellable after(long millis, Runnable task) {
        boolean[] cancelled = new boolean[1];
        Cancellable inLoop = loop.after(
                millis,
                () -> turn(() -> {
                    if (!cancelled[0]) {
                        task.run();
                    }
                }));
        return () -> {
            cancelled[0] = true;
            inLoop.cancel();
        };
    }

    /** Returns a task that is done once, whatever a network does to the packets that bring it. */
    public static Runnable once(Runnable task) {
        boolean[] done = new boolean[1];
        return () -> {
            if (!done[0]) {
                done[0] = true;
                task.run();
            }
        };
    }
}
