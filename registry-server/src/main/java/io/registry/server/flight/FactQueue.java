package io.registry.server.flight;

import io.registry.api.model.Instance;
import io.registry.server.core.event.RegistryEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Events that wait to be put in words, up to a bound of their number and of the text that hangs on them. Of an instance,
 * what nothing will be said of does not wait with it. The lock is held for as long as it takes to add one, or to take some
 * away: who tells of something hardly ever finds it held.
 *
 * <p><b>Threading</b>: any.
 */
final class FactQueue {

    /** An event, and when it was told. */
    record Fact(long atMillis, RegistryEvent event) {}

    /** How much room there is. */
    enum Room {
        /** None was left. */
        NONE,
        /** Half of it or more is taken now. */
        SCARCE,
        /** More than half of it is left. */
        PLENTY
    }

    /** What an instance takes without its metadata, as so many characters. */
    private static final int INSTANCE = 32;

    private final ReentrantLock lock = new ReentrantLock();
    private final int max;
    private final long textMax;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private long text;

    private record Waiting(Fact fact, long text) {}

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

    /** Adds an event where there is room, and says how much there is; where none waits, there is room for any. */
    Room offer(long atMillis, RegistryEvent event) {
        RegistryEvent bare = bare(event);
        long more = text(bare);
        Waiting next = new Waiting(new Fact(atMillis, bare), more);
        lock.lock();
        try {
            if (!waiting.isEmpty() && (waiting.size() >= max || text + more > textMax)) {
                return Room.NONE;
            }
            text += more;
            waiting.add(next);
            return waiting.size() >= max / 2 || text >= textMax / 2 ? Room.SCARCE : Room.PLENTY;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the first that wait, in their order, and no more than some. */
    List<Fact> take(int most) {
        List<Fact> taken = new ArrayList<>(most);
        lock.lock();
        try {
            while (taken.size() < most && !waiting.isEmpty()) {
                Waiting next = waiting.remove();
                text -= next.text();
                taken.add(next.fact());
            }
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

    /** Returns an event without the metadata of which nothing is said. */
    private static RegistryEvent bare(RegistryEvent event) {
        if (event instanceof RegistryEvent.InstanceMoved moved) {
            return new RegistryEvent.InstanceMoved(
                    moved.service(), bare(moved.instance()), moved.came(), moved.source());
        }
        if (event instanceof RegistryEvent.InstanceChanged changed
                && changed.before().metadata().equals(changed.now().metadata())) {
            return new RegistryEvent.InstanceChanged(
                    changed.service(), bare(changed.before()), bare(changed.now()), changed.source());
        }
        if (event instanceof RegistryEvent.LossLetGo over) {
            return new RegistryEvent.LossLetGo(
                    over.service(), over.gone().stream().map(FactQueue::bare).toList(), over.why(), over.origin());
        }
        return event;
    }

    private static Instance bare(Instance instance) {
        return instance.metadata().isEmpty()
                ? instance
                : instance.with(instance.weight(), instance.enabled(), Map.of());
    }

    /** Names are short by themselves. */
    private static long text(RegistryEvent event) {
        if (event instanceof RegistryEvent.InstanceChanged changed) {
            return text(changed.before()) + text(changed.now());
        }
        if (event instanceof RegistryEvent.LossLetGo over) {
            return (long) INSTANCE * over.gone().size();
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
