package io.registry.example;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * How long things took, in microseconds, since the last look and in total.
 *
 * <p><b>Threading</b>: any thread records; one thread looks.
 */
final class Latencies {

    /** What is timed. */
    enum Kind {
        /** From when an instance should have been registered with new metadata until the server has acknowledged it. */
        REGISTER("register"),
        /** From when the server should have been asked for a service's instances until they are there. */
        QUERY("query"),
        /** From when a registration should have begun until a listener of another client is told of it. */
        CHANGE("change to listener");

        private final String shown;

        Kind(String shown) {
            this.shown = shown;
        }
    }

    private static final int DIGITS = 3;

    private static final class Series {
        private final Recorder recorder = new Recorder(DIGITS);
        private final Histogram total = new Histogram(DIGITS);
    }

    private final Map<Kind, Series> series = new EnumMap<>(Kind.class);

    Latencies() {
        for (Kind kind : Kind.values()) {
            series.put(kind, new Series());
        }
    }

    /** Records how long something took. */
    void record(Kind kind, long nanos) {
        of(kind).recorder.recordValue(Math.max(0, TimeUnit.NANOSECONDS.toMicros(nanos)));
    }

    /** Returns a line about what was recorded since the last look. */
    String look() {
        StringBuilder line = new StringBuilder();
        for (Kind kind : Kind.values()) {
            Histogram latest = latest(kind);
            line.append("  ").append(kind.shown).append(' ');
            line.append(latest.getTotalCount() == 0 ? "-" : millis(latest.getValueAtPercentile(99)) + " ms");
        }
        return line.toString();
    }

    /** Returns a table of all that was recorded, in milliseconds. */
    String summary() {
        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT, "%-20s %9s %9s %9s %9s %9s", "latency in ms", "count", "p50", "p90", "p99", "max"));
        for (Kind kind : Kind.values()) {
            latest(kind);
            Histogram total = of(kind).total;
            table.append(String.format(
                    Locale.ROOT,
                    "%n%-20s %9d %9s %9s %9s %9s",
                    kind.shown,
                    total.getTotalCount(),
                    millis(total.getValueAtPercentile(50)),
                    millis(total.getValueAtPercentile(90)),
                    millis(total.getValueAtPercentile(99)),
                    millis(total.getMaxValue())));
        }
        return table.toString();
    }

    private Histogram latest(Kind kind) {
        Histogram latest = of(kind).recorder.getIntervalHistogram();
        of(kind).total.add(latest);
        return latest;
    }

    private Series of(Kind kind) {
        Series found = series.get(kind);
        if (found == null) {
            throw new IllegalStateException("no series for " + kind);
        }
        return found;
    }

    private static String millis(long micros) {
        return String.format(Locale.ROOT, "%.2f", micros / 1000.0);
    }
}
