package io.registry.server.sim;

import io.registry.distro.sim.Violation;
import io.registry.server.sim.NamingSimulation.Outcome;
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
final class NamingTotals {

    private static final int FAILURES_SHOWN = 3;

    private final List<String> failures = new ArrayList<>();
    private final List<Long> failedSeeds = new ArrayList<>();
    private long runs;
    private long events;
    private long said;
    private long slowestMillis;

    private NamingTotals() {}

    /** Runs many seeds, whatever becomes of any of them. */
    static NamingTotals of(NamingSimulation simulation, long first, long count) {
        NamingTotals totals = new NamingTotals();
        return QuietLog.during(() -> {
            LongStream.range(first, first + count).parallel().forEach(seed -> totals.run(simulation, seed));
            return totals;
        });
    }

    private void run(NamingSimulation simulation, long seed) {
        Outcome outcome = null;
        String failure = null;
        try {
            outcome = simulation.run(seed);
        } catch (Violation e) {
            failure = e.getMessage();
        }
        add(seed, outcome, failure);
    }

    /** Returns the reports of the first few runs in which something was objected to. */
    List<String> failures() {
        return failures;
    }

    /** Returns the seeds of all runs in which something was objected to. */
    List<Long> failedSeeds() {
        return failedSeeds.stream().sorted().toList();
    }

    @Override
    public String toString() {
        return runs + " runs, " + failedSeeds.size() + " of them objected to; " + events + " events; " + said
                + " answers and pushes; settled after at most " + slowestMillis + " ms";
    }

    private synchronized void add(long seed, @Nullable Outcome outcome, @Nullable String failure) {
        runs++;
        if (outcome != null) {
            events += outcome.events();
            said += outcome.said();
            slowestMillis = Math.max(slowestMillis, outcome.settledMillis());
        } else {
            failedSeeds.add(seed);
            if (failure != null && failures.size() < FAILURES_SHOWN) {
                failures.add(failure);
            }
        }
    }
}
