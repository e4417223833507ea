package io.registry.distro.sim.engine;

import io.registry.distro.model.NodeId;
import io.registry.distro.model.Sum;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What happened: a running hash of all of it, by which two runs are compared, and the last events of each node, for
 * when a check objects. Only then is anything made into text.
 */
public final class Trace {

    private static final int KEPT = 60;

    private final SimLoop loop;
    private final Map<NodeId, ArrayDeque<Entry>> latest = new LinkedHashMap<>();
    private int kept = KEPT;
    private long hash;

    private record Entry(long atMillis, NodeId node, String what, Object detail) {

        @Override
        public String toString() {
            return String.format("%9.3f s  %s  %-10s %s", atMillis / 1000.0, node, what, detail);
        }
    }

    /** Makes an empty trace. */
    public Trace(SimLoop loop) {
        this.loop = loop;
    }

    /** Has all events be kept from now on, not only the last ones. */
    public void keepAll() {
        kept = Integer.MAX_VALUE;
    }

    /**
     * Notes an event.
     *
     * @param node where it happened
     * @param detail a value that does not change, for the reader
     * @param sum of the detail, the same in every process
     */
    public void note(NodeId node, String what, Object detail, long sum) {
        count(node, what, sum);
        ArrayDeque<Entry> ofNode = latest.computeIfAbsent(node, each -> new ArrayDeque<>(KEPT));
        if (ofNode.size() >= kept) {
            ofNode.removeFirst();
        }
        ofNode.addLast(new Entry(loop.nowMillis(), node, what, detail));
    }

    /** Notes an event that tells a reader nothing: it counts for the hash only. */
    public void count(NodeId node, String what, long sum) {
        // String.hashCode is fixed by its specification.
        long event = Sum.of(loop.nowMillis(), Sum.of(node.value().hashCode(), what.hashCode()));
        hash = Sum.of(hash, Sum.of(event, sum));
    }

    /** Returns the hash of all that happened. */
    public long hash() {
        return hash;
    }

    /** Returns the last events of each node, one in a line. */
    public String lastEvents() {
        StringBuilder text = new StringBuilder();
        latest.values()
                .forEach(entries -> entries.forEach(
                        entry -> text.append("    ").append(entry).append('\n')));
        return text.toString();
    }

    /** Returns the events that are kept and whose text holds a word, in the order of time, one in a line. */
    public String eventsAbout(String word) {
        List<Entry> all = new ArrayList<>();
        latest.values().forEach(all::addAll);
        all.sort(Comparator.comparingLong(Entry::atMillis));
        StringBuilder text = new StringBuilder();
        for (Entry entry : all) {
            String line = entry.toString();
            if (line.contains(word)) {
                text.append(line).append('\n');
            }
        }
        return text.toString();
    }
}
