package io.registry.server.testkit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a connection was pushed, in the order of arrival. A test takes pushes one after another; all that ever came
 * stay listed.
 */
public final class Pushes {

    /** How long a push is waited for where a test does not say. */
    public static final Duration PUSH_MAX = Duration.ofSeconds(20);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Message> all = new ArrayList<>();
    private final Deque<Message> waiting = new ArrayDeque<>();

    void add(Message push) {
        lock.lock();
        try {
            all.add(push);
            waiting.add(push);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns everything that ever came. */
    public List<Message> all() {
        lock.lock();
        try {
            return List.copyOf(all);
        } finally {
            lock.unlock();
        }
    }

    /** Returns everything of a type that ever came. */
    public List<Message> all(String type) {
        return all().stream().filter(push -> push.type().equals(type)).toList();
    }

    /** Forgets what waits to be taken. */
    public void skip() {
        lock.lock();
        try {
            waiting.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Takes pushes until one fits, and returns it; fails after {@link #PUSH_MAX}. */
    public Message await(String what, Predicate<Message> fits) {
        Message push = poll(PUSH_MAX, fits);
        if (push == null) {
            throw new AssertionError("no such push within " + PUSH_MAX + ": " + what + "; came: " + all());
        }
        return push;
    }

    /** Takes pushes until one fits, and returns it, or null where none came within the time. */
    public @Nullable Message poll(Duration max, Predicate<Message> fits) {
        long deadline = System.nanoTime() + max.toNanos();
        lock.lock();
        try {
            while (true) {
                Message next = waiting.poll();
                if (next == null) {
                    long left = deadline - System.nanoTime();
                    if (left <= 0) {
                        return null;
                    }
                    long unused = changed.awaitNanos(left);
                } else if (fits.test(next)) {
                    return next;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            lock.unlock();
        }
    }
}
