package io.registry.distro.task;

/** Something to do later, for one key. */
@FunctionalInterface
public interface DelayTask {

    /** Does it, on the loop. */
    void run();

    /**
     * Returns the task that stands for this one, which has been waiting, and for a later one with the same key. The
     * later one, unless a task says otherwise.
     */
    default DelayTask merge(DelayTask later) {
        return later;
    }
}
