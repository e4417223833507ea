package io.registry.distro.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What became of many runs.
 *
 * <p><b>Threading:</b> runs go side by side on the cores there are, each in a thread of its own; this is added up one
 * by one.
 */
public final class Totals {

    private static final int FAILURES_SHOWN = 3;

    private final List<String> failures = new ArrayList<>();
    private final List<Long> failedSeeds = new ArrayList<>();
    private final Anomalies anomalies = new Anomalies();
    private long runs;
    private long events;
    private long slowestMillis;

    private Totals() {}

    /** Runs many seeds, whatever becomes of any of them. */
    public static Totals of(Simulation simulation, long first, long count) {
        Totals totals = new Totals();
        LongStream.range(first, first + count).parallel().forEach(seed -> {
            Outcome outcome = null;
            String failure = null;
            try {
                outcome = simulation.run(seed);
            } catch (Violation e) {
                failure = e.getMessage();
            }
            totals.add(seed, outcome, failure);
        });
        return totals;
    }

    /** Returns the reports of the first few runs in which something was objected to. */
    public List<String> failures() {
        return failures;
    }

    /** Returns the seeds of all runs in which something was objected to. */
    public List<Long> failedSeeds() {
        return failedSeeds.stream().sorted().toList();
    }

    /** Returns what was counted in all of the others. */
    public Anomalies anomalies() {
        return anomalies;
    }

    @Override
    public String toString() {
        return runs + " runs, " + failedSeeds.size() + " of them objected to; " + events
                + " events; settled after at most " + slowestMillis + " ms; " + anomalies;
    }

    private synchronized void add(long seed, @Nullable Outcome outcome, @Nullable String failure) {
        runs++;
        if (outcome != null) {
            events += outcome.events();
            slowestMillis = Math.max(slowestMillis, outcome.settledMillis());
            anomalies.add(outcome.anomalies());
        } else {
            failedSeeds.add(seed);
            if (failure != null && failures.size() < FAILURES_SHOWN) {
                failures.add(failure);
            }
        }
    }
}
