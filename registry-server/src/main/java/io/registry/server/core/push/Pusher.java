package io.registry.server.core.push;

/**
 * The way to one subscriber.
 *
 * <p><b>Threading</b>: called on the loop only; neither blocks nor throws.
 */
public interface Pusher {

    /** Returns whether the subscriber takes more now. Where not, it is told later, and then only the newest state. */
    boolean isReady();

    /** Hands over a push. */
    void send(Push push);

    /**
     * Runs a task when what was handed over before has been given to the network.
     *
     * @param task short; runs on any thread, at once or later, and not at all where the transport ends first
     */
    void whenWritten(Runnable task);

    /**
     * Returns whether pushes are acknowledged to {@link PushService#acknowledged} and repeated by it. A transport that
     * repeats by itself says no; handing over then counts as acknowledged.
     */
    boolean acknowledges();

    /** Returns whether the subscriber understands {@link Push.Change}. */
    boolean takesChanges();
}
