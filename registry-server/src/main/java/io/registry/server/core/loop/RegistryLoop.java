package io.registry.server.core.loop;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.distro.port.Cancellable;
import io.registry.distro.port.DistroTimer;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one loop of a node: runs turns one after another, in the order in which they were given, never two at a time.
 *
 * <p>A turn runs on the thread that gives it when nothing else runs, so that a call costs no change of thread; what is
 * given meanwhile is run by the thread that is running already, which hands over to the loop's own thread when it has
 * done its share. Between two turns there is a happens-before edge, whatever threads ran them.
 *
 * <p><b>Commands may be refused, facts never.</b> {@link #call} refuses above the bound; {@link #post} does not, since
 * a node that drops a fact diverges for ever. Facts are bounded at their sources.
 *
 * <p><b>Threading</b>: every method may be called from any thread, also from a turn; what a turn gives runs after it.
 */
public final class RegistryLoop implements DistroTimer {

    /** How many turns a thread runs on behalf of others before it hands over: about a millisecond of work. */
    private static final int SHARE = 256;

    private static final Logger LOG = LoggerFactory.getLogger(RegistryLoop.class);

    private final Queue<Runnable> turns = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final ScheduledExecutorService thread;
    private final int commandsMax;
    private final LongAdder failures = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder done = new LongAdder();
    private final LongAdder busyNanos = new LongAdder();
    private volatile @Nullable Thread runner;
    private Runnable afterTurn = () -> {};

    /**
     * Makes a loop.
     *
     * @param thread the loop's own thread, for timers and for what callers hand over; not closed by the loop
     * @param commandsMax how many turns may wait before commands are refused
     */
    public RegistryLoop(ScheduledExecutorService thread, int commandsMax) {
        this.thread = thread;
        this.commandsMax = commandsMax;
    }

    /** Sets what runs at the end of each turn, such as the delivery of events. Called once, before the first turn. */
    public void afterEachTurn(Runnable task) {
        this.afterTurn = task;
    }

    /** Gives a fact: runs the task in a turn of its own. A task that throws is logged and counted. */
    public void post(Runnable task) {
        give(() -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                failed(e);
            }
            endTurn();
        });
    }

    /**
     * Gives a command: runs it in a turn of its own and answers after the turn.
     *
     * @return what the command returned; or failed with its {@link RegistryException}, or with {@link
     *     ErrorCode#OVERLOADED} where too much is waiting
     */
    public <T extends @Nullable Object> CompletableFuture<T> call(Supplier<T> command) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        if (waiting.get() >= commandsMax) {
            refused.increment();
            answer.completeExceptionally(new RegistryException(
                    ErrorCode.OVERLOADED, "commands waiting: " + commandsMax + " (expected: fewer; try again later)"));
            return answer;
        }
        give(() -> {
            T result;
            try {
                result = command.get();
            } catch (RegistryException e) {
                endTurn();
                answer.completeExceptionally(e);
                return;
            } catch (RuntimeException e) {
                failed(e);
                endTurn();
                answer.completeExceptionally(new RegistryException(ErrorCode.INTERNAL, "internal error"));
                return;
            }
            endTurn();
            answer.complete(result);
        });
        return answer;
    }

    /** Runs a task on the loop after a delay. */
    @Override
    public Cancellable after(Duration delay, Runnable task) {
        ScheduledFuture<?> future =
                thread.schedule(() -> post(task), Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    /** Fails where the caller is not in a turn. */
    public void assertInLoop() {
        if (runner != Thread.currentThread()) {
            throw new IllegalStateException("not on the registry loop: " + Thread.currentThread());
        }
    }

    /** Returns how many turns wait. */
    public int waiting() {
        return waiting.get();
    }

    /** Returns how many turns have run. */
    public long turns() {
        return done.sum();
    }

    /** Returns how many turns have thrown: each is a bug. */
    public long failures() {
        return failures.sum();
    }

    /** Returns how many commands were refused because too much was waiting. */
    public long refused() {
        return refused.sum();
    }

    /** Returns the time spent in turns, in nanoseconds. */
    public long busyNanos() {
        return busyNanos.sum();
    }

    private void give(Runnable turn) {
        turns.add(turn);
        if (waiting.getAndIncrement() == 0) {
            drain();
        }
    }

    private void drain() {
        int share = SHARE;
        long begun = System.nanoTime();
        runner = Thread.currentThread();
        while (true) {
            Runnable turn = turns.poll();
            if (turn == null) {
                // Given but not yet visible: the giver has counted it only after adding it, so this cannot last.
                Thread.onSpinWait();
                continue;
            }
            try {
                turn.run();
            } catch (Error | RuntimeException e) {
                failed(e);
            }
            done.increment();
            share--;
            if (share == 0) {
                runner = null;
                busyNanos.add(System.nanoTime() - begun);
                if (waiting.decrementAndGet() > 0) {
                    thread.execute(this::drain);
                }
                return;
            }
            if (waiting.get() == 1) {
                // The last one known: give the place up before it becomes possible for another thread to take it.
                runner = null;
                busyNanos.add(System.nanoTime() - begun);
                if (waiting.decrementAndGet() == 0) {
                    return;
                }
                begun = System.nanoTime();
                runner = Thread.currentThread();
            } else {
                waiting.decrementAndGet();
            }
        }
    }

    private void endTurn() {
        try {
            afterTurn.run();
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private void failed(Throwable e) {
        failures.increment();
        LOG.error("a turn of the loop failed; the state is as the last completed step left it", e);
    }
}
