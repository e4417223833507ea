package io.registry.server.core.access;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * What would have been refused while clients need not log in, counted by who, from where, what and why. Bounded: what comes
 * when it is full is only counted as a whole. Gone with the process.
 *
 * <p><b>Threading</b>: from any thread.
 */
public final class RefusalReport {

    /** How many different ones are kept: some hundred bytes each. */
    private static final int ENTRIES_MAX = 1_000;

    private static final int NAME_MAX = 128;

    /** Who comes too often is told how long to wait, each time something else. */
    private static final Pattern WAIT = Pattern.compile("\\d+ s\\b");

    private final LongSupplier wallMillis;
    private final Map<Refused, Tally> entries = new ConcurrentHashMap<>();
    private final LongAdder all = new LongAdder();
    private final LongAdder unlisted = new LongAdder();

    /** What is counted together. */
    private record Refused(String user, String address, Rule rule, Resource resource, String why) {}

    private static final class Tally {
        private final LongAdder count = new LongAdder();
        private volatile long lastMillis;
    }

    /**
     * One line of the report.
     *
     * @param user who it was; empty where that is not known
     * @param address where they called from
     * @param rule what the call asks of its caller
     * @param resource what it was about
     * @param why the refusal
     * @param count how often
     * @param lastMillis when last, in milliseconds since 1970
     */
    public record Line(
            String user, String address, Rule rule, Resource resource, String why, long count, long lastMillis) {}

    /** Makes an empty report. */
    public RefusalReport(LongSupplier wallMillis) {
        this.wallMillis = wallMillis;
    }

    /** Counts one. */
    public void add(Principal who, String address, Rule rule, Resource resource, String why) {
        all.increment();
        Refused refused = new Refused(who.name(), address, rule, brief(resource), alike(why));
        Tally tally = entries.get(refused);
        if (tally == null) {
            if (entries.size() >= ENTRIES_MAX) {
                unlisted.increment();
                return;
            }
            tally = entries.computeIfAbsent(refused, key -> new Tally());
        }
        tally.count.increment();
        tally.lastMillis = wallMillis.getAsLong();
    }

    private static String alike(String why) {
        return WAIT.matcher(why).replaceAll("some s");
    }

    private static Resource brief(Resource resource) {
        return new Resource(brief(resource.namespace()), brief(resource.group()), brief(resource.service()));
    }

    private static String brief(String name) {
        return name.length() <= NAME_MAX ? name : name.substring(0, NAME_MAX);
    }

    /** Returns the lines, the most frequent first. */
    public List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        entries.forEach((key, tally) -> lines.add(new Line(
                key.user(),
                key.address(),
                key.rule(),
                key.resource(),
                key.why(),
                tally.count.sum(),
                tally.lastMillis)));
        lines.sort(Comparator.comparingLong(Line::count).reversed());
        return lines;
    }

    /** Returns how many there were. */
    public long count() {
        return all.sum();
    }

    /** Returns how many are in no line, since the list was emptied. */
    public long unlisted() {
        return unlisted.sum();
    }

    /** Forgets all lines and begins anew, as does the count of what is in none; the count of all goes on. */
    public void clear() {
        entries.clear();
        unlisted.reset();
    }
}
