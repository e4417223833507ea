package io.registry.distro.sim.engine;

import io.registry.distro.port.Cancellable;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time and what is to happen in it. Time passes from one event to the next and stands still within each; events
 * of the same time happen in the order in which they were asked for.
 */
public final class SimLoop {

    private final PriorityQueue<Event> queue = new PriorityQueue<>(256);
    private long nowMillis;
    private long asked;
    private long happened;

    /** Returns the time since the world began. */
    public long nowMillis() {
        return nowMillis;
    }

    /** Returns how many events have happened. */
    public long happened() {
        return happened;
    }

    /**
     * Has something happen later.
     *
     * @param delayMillis not below zero; with zero, it happens after what is due now already
     */
    public Cancellable after(long delayMillis, Runnable task) {
        if (delayMillis < 0) {
            throw new IllegalArgumentException("delay: " + delayMillis + " (expected: not below zero)");
        }
        Event event = new Event(nowMillis + delayMillis, asked++, task);
        queue.add(event);
        return event;
    }

    /** Lets time pass, and everything happen that is due by then. */
    public void pass(long millis) {
        long untilMillis = nowMillis + millis;
        while (true) {
            Event next = queue.peek();
            if (next == null || next.dueMillis > untilMillis) {
                break;
            }
            queue.remove();
            nowMillis = next.dueMillis;
            Runnable task = next.task;
            if (task != null) {
                happened++;
                task.run();
            }
        }
        nowMillis = untilMillis;
    }

    private static final class Event implements Comparable<Event>, Cancellable {
        private final long dueMillis;
        private final long order;
        private @Nullable Runnable task;

        Event(long dueMillis, long order, Runnable task) {
            this.dueMillis = dueMillis;
            this.order = order;
            this.task = task;
        }

        /** Stays in the queue until its time comes: to look for it costs more than to pass over it. */
        @Override
        public void cancel() {
            task = null;
        }

        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(dueMillis, other.dueMillis);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }
}
