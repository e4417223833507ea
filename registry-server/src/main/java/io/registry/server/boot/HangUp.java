package io.registry.server.boot;

import org.springframework.context.SmartLifecycle;

/** Ends what other members say over the HTTP port before that closes, so that it waits for none of their requests. */
final class HangUp implements SmartLifecycle {

    /** When the clients of the gRPC port have been told to move, and right before the HTTP port begins to stop. */
    private static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 1_023;

    private final Runnable end;
    private volatile boolean running;

    /**
     * Makes it.
     *
     * @param end ends them
     */
    HangUp(Runnable end) {
        this.end = end;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        end.run();
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
