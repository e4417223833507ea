package io.registry.distro.task;

import io.registry.distro.port.DistroClock;
import io.registry.distro.port.DistroTimer;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * Delayed tasks, at most one waiting per key. Submitting again while one waits merges the two and keeps the earlier of
 * their times; so what is asked for many times is done once, and no later than any one of them wanted.
 *
 * <p>Tasks run in the order of their times, and in the order of their first submission where times are equal. A task
 * that is submitted while others run waits for the next turn, even with no delay.
 *
 * <p><b>Threading:</b> runs on the owner's loop; tasks run there too.
 *
 * <p><b>Bounds:</b> the number of waiting keys. At the bound a new key is refused and a waiting one still merges.
 *
 * <p><b>Errors:</b> a task that throws is gone, and the exception goes to whoever runs the timer; the other tasks stay
 * and run in the next turn.
 *
 * @param <K> what tasks are for; has {@code equals} and {@code hashCode}
 */
public final class DelayTaskEngine<K> {

    /** So that a thousand due tasks do not keep the loop from everything else; the rest follow at once. */
    private static final int TASKS_PER_TURN = 256;

    private final DistroClock clock;
    private final WakeUp wakeUp;
    private final int tasksMax;
    private final Map<K, Waiting<K>> byKey = new LinkedHashMap<>();
    private final TreeSet<Waiting<K>> byTime =
            new TreeSet<>(Comparator.comparingLong(Waiting<K>::dueMillis).thenComparingLong(Waiting<K>::sequence));
    private long nextSequence;

    /**
     * Makes an engine in which nothing waits.
     *
     * @param tasksMax how many keys may wait; at least 1
     */
    public DelayTaskEngine(DistroClock clock, DistroTimer timer, int tasksMax) {
        if (tasksMax < 1) {
            throw new IllegalArgumentException("tasksMax: " + tasksMax + " (expected: at least 1)");
        }
        this.clock = clock;
        this.wakeUp = new WakeUp(clock, timer, this::runDue);
        this.tasksMax = tasksMax;
    }

    /**
     * Has a task run after a delay, or earlier if one with its key waits already and is due earlier.
     *
     * @param delay how long to wait, in whole milliseconds; a negative one counts as none
     * @return false where too many keys wait and this is a new one: nothing was changed
     */
    public boolean submit(K key, Duration delay, DelayTask task) {
        long dueMillis = clock.monotonicMillis() + Math.max(0, delay.toMillis());
        Waiting<K> waiting = byKey.get(key);
        if (waiting == null) {
            if (byKey.size() >= tasksMax) {
                return false;
            }
            put(new Waiting<>(key, dueMillis, nextSequence++, task));
        } else {
            DelayTask merged = waiting.task().merge(task);
            byTime.remove(waiting);
            put(new Waiting<>(key, Math.min(waiting.dueMillis(), dueMillis), waiting.sequence(), merged));
        }
        arm();
        return true;
    }

    /** Takes back what waits for a key; returns whether anything did. */
    public boolean cancel(K key) {
        Waiting<K> waiting = byKey.remove(key);
        if (waiting == null) {
            return false;
        }
        byTime.remove(waiting);
        arm();
        return true;
    }

    /** Returns whether a task waits for a key. */
    public boolean isWaiting(K key) {
        return byKey.containsKey(key);
    }

    /** Returns how many keys wait. */
    public int size() {
        return byKey.size();
    }

    private void put(Waiting<K> waiting) {
        byKey.put(waiting.key(), waiting);
        byTime.add(waiting);
    }

    private void runDue() {
        long nowMillis = clock.monotonicMillis();
        long sequenceAtStart = nextSequence;
        try {
            for (int run = 0; run < TASKS_PER_TURN && !byTime.isEmpty(); run++) {
                Waiting<K> first = byTime.first();
                if (first.dueMillis() > nowMillis || first.sequence() >= sequenceAtStart) {
                    break;
                }
                byTime.remove(first);
                byKey.remove(first.key());
                first.task().run();
            }
        } finally {
            arm();
        }
    }

    private void arm() {
        wakeUp.arm(byTime.isEmpty() ? WakeUp.NEVER : byTime.first().dueMillis());
    }

    private record Waiting<K>(K key, long dueMillis, long sequence, DelayTask task) {}
}
