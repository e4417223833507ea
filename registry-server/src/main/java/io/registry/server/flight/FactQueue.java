package io.registry.server.flight;

import io.registry.api.model.Instance;
import io.registry.server.core.event.RegistryEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Events that wait to be put in words, up to a bound of their number and of the text that hangs on them. The lock is held for as long as it takes to add one, or to take the
 * whole list away: who tells of something hardly ever finds it held.
 *
 * <p><b>Threading</b>: any.
 */
final class FactQueue {

    /** An event, and when it was told. */
    record Fact(long atMillis, RegistryEvent event) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final int max;
    private final long textMax;
    private List<Fact> waiting = new ArrayList<>();
    private long text;

    /**
     * Makes an empty queue.
     *
     * @param max how many may wait
     * @param textMax how many characters they may have in what clients can make long
     */
    FactQueue(int max, long textMax) {
        this.max = max;
        this.textMax = textMax;
    }

    /** Adds an event; returns false where there is no room. */
    boolean offer(long atMillis, RegistryEvent event) {
        Fact fact = new Fact(atMillis, event);
        long more = text(event);
        lock.lock();
        try {
            if (waiting.size() >= max || text + more > textMax) {
                return false;
            }
            text += more;
            return waiting.add(fact);
        } finally {
            lock.unlock();
        }
    }

    /** Takes all that wait, in their order. */
    List<Fact> takeAll() {
        List<Fact> next = new ArrayList<>();
        lock.lock();
        try {
            List<Fact> taken = waiting;
            waiting = next;
            text = 0;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** Names are short by themselves. */
    private static long text(RegistryEvent event) {
        if (event instanceof RegistryEvent.InstanceMoved moved) {
            return text(moved.instance());
        }
        if (event instanceof RegistryEvent.InstanceChanged changed) {
            return text(changed.before()) + text(changed.now());
        }
        if (event instanceof RegistryEvent.LossLetGo over) {
            return over.gone().stream().mapToLong(FactQueue::text).sum();
        }
        if (event instanceof RegistryEvent.Operated done) {
            return (long) done.action().length() + done.detail().length();
        }
        if (event instanceof RegistryEvent.Refused refused) {
            return (long) refused.action().length() + refused.reason().length();
        }
        return 0;
    }

    private static long text(Instance instance) {
        long length = 0;
        for (Map.Entry<String, String> pair : instance.metadata().entrySet()) {
            length += (long) pair.getKey().length() + pair.getValue().length();
        }
        return length;
    }
}
