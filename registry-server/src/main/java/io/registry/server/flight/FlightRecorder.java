package io.registry.server.flight;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.server.core.event.RegistryEvent;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records what happened on this node, and who did it. Whoever tells it puts the event into a bounded queue and goes on; a
 * thread of its own puts them in words and writes them, some at a time. What finds no room, or no disk, is counted and
 * left out; nothing else on the node notices.
 *
 * <p>A process that is killed loses what it was told in the last tenth of a second; of a machine that loses power, the
 * system may not have written more than that.
 *
 * <p><b>Threading</b>: {@link #accept}, {@link #written} and {@link #search} from any thread; {@link #start} and
 * {@link #close} once each.
 */
public final class FlightRecorder implements Consumer<RegistryEvent> {

    /** Events gather for so long, so that a registration wakes no thread. */
    private static final long MOMENT_MILLIS = 100;

    /**
     * What a hundred thousand instances need that go in one turn, before the thread has taken any: 16 MB of them while the
     * disk hangs.
     */
    private static final int QUEUE_MAX = 1 << 17;

    /** So many characters may hang on what waits while the disk hangs: another 32 MB. */
    private static final long QUEUE_TEXT_MAX = 1 << 24;

    /** A flood of refusals leaves most of the queue to the others. */
    private static final int REFUSALS_MAX = QUEUE_MAX / 16;

    private static final int BATCH = 1_024;

    /** Each search keeps a thread and half a core busy; operators do not need more. */
    private static final int SEARCHES_MAX = 2;

    private static final Logger LOG = LoggerFactory.getLogger(FlightRecorder.class);

    private final FlightConfig config;
    private final LongSupplier wallMillis;
    private final ScheduledExecutorService thread;
    private final FactQueue waiting = new FactQueue(QUEUE_MAX, QUEUE_TEXT_MAX);
    private final AtomicInteger waitingRefusals = new AtomicInteger();
    private final AtomicBoolean armed = new AtomicBoolean();
    private final AtomicBoolean hurried = new AtomicBoolean();

    /** What those wait for who ask for all that was told; one for all of them, so that a disk that hangs gathers none. */
    private final AtomicReference<@Nullable CompletableFuture<@Nullable Void>> asked = new AtomicReference<>();

    private final Semaphore searches = new Semaphore(SEARCHES_MAX);
    private final LongAdder recorded = new LongAdder();
    private final LongAdder overflowed = new LongAdder();
    private final LongAdder unwritten = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder uncounted = new LongAdder();

    // Of the recorder's thread.
    private final RefusalTally refusals = new RefusalTally();
    private long told;
    private boolean failing;
    private boolean minuteArmed;

    private volatile @Nullable FlightFile file;
    private volatile String life = "";
    private volatile boolean running;

    /**
     * Makes a recorder that has not begun.
     *
     * @param wallMillis the time in milliseconds since 1970
     * @param thread writes; one thread, which may block
     */
    public FlightRecorder(FlightConfig config, LongSupplier wallMillis, ScheduledExecutorService thread) {
        this.config = config;
        this.wallMillis = wallMillis;
        this.thread = thread;
    }

    /**
     * Begins; what happened before has an end, and is kept.
     *
     * @param life what is said of this start, and of the stop that follows
     */
    public void start(String life) {
        if (!config.enabled()) {
            return;
        }
        running = true;
        this.life = life;
        thread.execute(() -> write(List.of(Entries.ofNode(wallMillis.getAsLong(), FlightEntry.Kind.STARTED, life, 0))));
    }

    /** Records an event, if it is of a kind that is recorded. Never blocks, never fails. */
    @Override
    public void accept(RegistryEvent event) {
        if (!running || !Entries.concerns(event)) {
            return;
        }
        boolean refusal = event instanceof RegistryEvent.Refused;
        if (refusal && waitingRefusals.incrementAndGet() > REFUSALS_MAX) {
            waitingRefusals.decrementAndGet();
            uncounted.increment();
        } else {
            FactQueue.Room room = waiting.offer(wallMillis.getAsLong(), event);
            if (room == FactQueue.Room.NONE) {
                if (refusal) {
                    waitingRefusals.decrementAndGet();
                }
                overflowed.add(Entries.count(event));
            }
            if (room != FactQueue.Room.PLENTY && !hurried.get() && hurried.compareAndSet(false, true)) {
                later(0, this::drain);
            }
        }
        if (!armed.get() && armed.compareAndSet(false, true)) {
            later(MOMENT_MILLIS, this::drain);
        }
    }

    /** Returns what completes when everything that was told before is written, or given up. */
    public CompletableFuture<@Nullable Void> written() {
        CompletableFuture<@Nullable Void> mine = new CompletableFuture<>();
        CompletableFuture<@Nullable Void> present = asked.compareAndExchange(null, mine);
        if (present != null) {
            return present.copy();
        }
        try {
            thread.execute(() -> {
                // Whoever asks from now on may have told something that this drain does not see.
                asked.set(null);
                drain();
                mine.complete(null);
            });
        } catch (RejectedExecutionException e) {
            asked.set(null);
            mine.complete(null);
        }
        return mine.copy();
    }

    /**
     * Returns entries, the newest first. Reads files on the calling thread, within bounds.
     *
     * @throws RegistryException {@code UNSUPPORTED} where nothing is recorded, {@code OVERLOADED} where others search,
     *     {@code STORAGE} where the files cannot be read
     */
    public FlightPage search(FlightQuery query) {
        if (!config.enabled()) {
            throw new RegistryException(
                    ErrorCode.UNSUPPORTED,
                    "registry.flight-recorder.enabled: false (expected: true, to have a record)");
        }
        if (!searches.tryAcquire()) {
            throw new RegistryException(
                    ErrorCode.OVERLOADED,
                    "searches under way: " + SEARCHES_MAX + " (expected: fewer, try again later)");
        }
        try {
            FlightFile present = file;
            return present == null ? new FlightPage(List.of(), 0) : FlightSearch.of(query, present.segments());
        } catch (IOException e) {
            throw new RegistryException(ErrorCode.STORAGE, "flight recorder cannot be read: " + e.getMessage());
        } finally {
            searches.release();
        }
    }

    /** Ends; writes what waits, as far as that takes no more than two seconds. */
    public void close() {
        if (!running) {
            return;
        }
        running = false;
        try {
            thread.submit(this::end).get(2, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            LOG.warn("flight recorder: the last entries may be missing: cause={}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns how many entries were written. */
    public long recorded() {
        return recorded.sum();
    }

    /** Returns how many events were left out, by the reason: no room in the queue, or on the disk, or an error of ours. */
    public Map<String, LongAdder> dropped() {
        return Map.of("queue", overflowed, "disk", unwritten, "error", failed);
    }

    /** Returns how many events were left out, for whichever reason. */
    public long droppedCount() {
        return overflowed.sum() + unwritten.sum() + failed.sum();
    }

    /** Returns how many events wait to be written. */
    public int waiting() {
        return waiting.size();
    }

    /** Returns how many bytes are kept. */
    public long bytes() {
        FlightFile present = file;
        return present == null ? 0 : present.bytes();
    }

    private void later(long millis, Runnable task) {
        try {
            var unused = thread.schedule(task, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // The node has stopped; nobody waits for this any more.
            LOG.debug("flight recorder: over");
        }
    }

    private void drain() {
        armed.set(false);
        hurried.set(false);
        try {
            // What comes from now on has a drain of its own, so that this one has an end.
            for (int left = waiting.size(); left > 0; left -= BATCH) {
                List<FlightEntry> entries = new ArrayList<>();
                waiting.take(Math.min(left, BATCH)).forEach(fact -> addOrCount(fact, entries));
                write(entries);
            }
            refusals.take(wallMillis.getAsLong(), uncounted.sumThenReset());
            write(refusals.end(wallMillis.getAsLong(), false));
            sayWhatIsMissing();
        } catch (RuntimeException e) {
            LOG.error("flight recorder: what was counted is missing", e);
        }
        if (refusals.isOpen() && !minuteArmed) {
            minuteArmed = true;
            later(RefusalTally.MINUTE_MILLIS, () -> {
                minuteArmed = false;
                drain();
            });
        }
    }

    /** Adds what is to be said of an event; one that cannot be put in words leaves the others as they are. */
    private void addOrCount(FactQueue.Fact fact, List<FlightEntry> entries) {
        if (fact.event() instanceof RegistryEvent.Refused) {
            waitingRefusals.decrementAndGet();
        }
        try {
            add(fact, entries);
        } catch (RuntimeException e) {
            failed.add(Entries.count(fact.event()));
            LOG.error("flight recorder: an event cannot be recorded", e);
        }
    }

    private void add(FactQueue.Fact fact, List<FlightEntry> entries) {
        List<FlightEntry> these = Entries.of(fact.atMillis(), fact.event());
        if (!(fact.event() instanceof RegistryEvent.Refused refused)) {
            entries.addAll(these);
            return;
        }
        FlightEntry first = refusals.take(refused, these.get(0));
        if (first != null) {
            entries.add(first);
        }
    }

    /** Leaves a mark where something is missing, so that nobody takes the record for whole. */
    private void sayWhatIsMissing() {
        long missing = droppedCount();
        if (missing > told && !failing) {
            long before = told;
            told = missing;
            write(List.of(Entries.ofNode(
                    wallMillis.getAsLong(), FlightEntry.Kind.DROPPED, "not recorded", missing - before)));
        }
    }

    private void end() {
        drain();
        write(refusals.end(wallMillis.getAsLong(), true));
        write(List.of(Entries.ofNode(wallMillis.getAsLong(), FlightEntry.Kind.STOPPED, life, 0)));
        FlightFile present = file;
        if (present != null) {
            try {
                present.close();
            } catch (IOException e) {
                LOG.warn("flight recorder: not closed in order: cause={}", e.toString());
            }
        }
    }

    private void write(List<FlightEntry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        int written = 0;
        LongAdder missing = unwritten;
        try {
            FlightFile present = file;
            if (present == null) {
                present = FlightFile.open(config.directory(), config.bytes());
                file = present;
            }
            checkReserve();
            written = present.append(entries);
            if (failing) {
                failing = false;
                LOG.info("flight recorder: records again");
            }
        } catch (IOException e) {
            if (!failing) {
                failing = true;
                LOG.warn("flight recorder: nothing is recorded until it can be written again: cause={}", e.toString());
            }
        } catch (RuntimeException e) {
            missing = failed;
            LOG.error("flight recorder: some entries cannot be written", e);
        }
        recorded.add(written);
        missing.add(entries.size() - written);
    }

    private void checkReserve() throws IOException {
        if (!Files.isDirectory(config.directory())) {
            // Somebody has deleted it; what is not there has no room, and would be full for ever.
            Files.createDirectories(config.directory());
        }
        File disk = config.directory().toFile();
        if (config.diskReserve() > 0 && disk.getUsableSpace() < config.diskReserve()) {
            throw new IOException("the disk has " + disk.getUsableSpace() + " bytes left (expected: at least "
                    + config.diskReserve() + ")");
        }
    }
}
