package io.registry.proto.codec;

import io.registry.api.model.Instance;
import io.registry.proto.payload.HostList;
import io.registry.proto.payload.WireInstance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the hosts of a service. What stands in the known list with the same text is taken from there, so that a list of
 * a thousand with one change costs the reading of one.
 *
 * <p><b>Threading</b>: for one thread and one list.
 */
final class HostReader {

    /** How far ahead of the expected place a host is looked for. */
    private static final int NEAR = 8;

    private final byte[] text;
    private final int to;
    private final String service;
    private final HostList known;

    private final List<Instance> instances;
    private long[] fingerprints;
    private int[] lengths;
    private boolean changed;
    private int end;

    /** Where in the known list the next host is expected. */
    private int expected;

    /** How many hosts in a row were not found near that place. */
    private int misses;

    private @Nullable Map<Long, Integer> byFingerprint;

    /** What the instance before had, for the next one to share. */
    private String cluster = Instance.DEFAULT_CLUSTER;

    private Map<String, String> metadata = Map.of();

    private HostReader(byte[] text, int to, String service, HostList known) {
        this.text = text;
        this.to = to;
        this.service = service;
        this.known = known;
        this.instances = new ArrayList<>(known.size());
        this.fingerprints = new long[Math.max(8, known.size())];
        this.lengths = new int[fingerprints.length];
    }

    /**
     * Makes a reader.
     *
     * @param to where the text ends
     * @param service the service's grouped name
     */
    static HostReader of(byte[] text, int to, String service, HostList known) {
        return new HostReader(text, to, service, known);
    }

    /**
     * Reads an array of hosts.
     *
     * @param from where the array opens
     * @return the known list itself where nothing differs
     */
    HostList read(int from) throws MalformedBodyException {
        int at = JsonSkim.skipSpace(text, from + 1, to);
        boolean more = at >= to || text[at] != ']';
        while (more) {
            if (at >= to || text[at] != '{') {
                throw new MalformedBodyException("hosts (expected: an array of objects)");
            }
            at = JsonSkim.skipSpace(text, host(at), to);
            more = at < to && text[at] == ',';
            if (more) {
                at = JsonSkim.skipSpace(text, at + 1, to);
            }
        }
        if (at >= to || text[at] != ']') {
            throw new MalformedBodyException("hosts (expected: an array of objects)");
        }
        end = at;
        int count = instances.size();
        if (!changed && count == known.size()) {
            return known;
        }
        return new HostList(
                Collections.unmodifiableList(instances),
                Arrays.copyOf(fingerprints, count),
                Arrays.copyOf(lengths, count));
    }

    /** Returns where the array closed that was read. */
    int end() {
        return end;
    }

    /** Takes the host that begins here and returns what follows it. */
    private int host(int from) throws MalformedBodyException {
        if (instances.size() >= BodyParser.ELEMENTS_MAX) {
            throw new MalformedBodyException("more than " + BodyParser.ELEMENTS_MAX + " hosts");
        }
        // Most often it is the very text that is expected, and then there is no need to look for its end.
        if (expected < known.size() && known.length(expected) <= to - from) {
            int length = known.length(expected);
            long fingerprint = JsonSkim.fingerprint(text, from, from + length);
            if (fingerprint == known.fingerprint(expected)) {
                changed |= expected != instances.size();
                add(known.instances().get(expected), fingerprint, length);
                expected++;
                misses = 0;
                return from + length;
            }
        }
        int after = JsonSkim.skipNested(text, from, to);
        long fingerprint = JsonSkim.fingerprint(text, from, after);
        Instance same = known.size() == 0 ? null : unchanged(fingerprint);
        changed = true;
        add(
                same != null ? same : BodyParser.parse(text, from, after - from, this::instance),
                fingerprint,
                after - from);
        return after;
    }

    private void add(Instance instance, long fingerprint, int length) {
        int index = instances.size();
        if (index == fingerprints.length) {
            fingerprints = Arrays.copyOf(fingerprints, 2 * index);
            lengths = Arrays.copyOf(lengths, 2 * index);
        }
        fingerprints[index] = fingerprint;
        lengths[index] = length;
        instances.add(instance);
    }

    /**
     * Returns the known host of that text, or null. Lists keep their order, so it is looked for at a few places behind the
     * expected one, which finds everything where some came, went or changed; after a run of failures, anywhere.
     */
    private @Nullable Instance unchanged(long fingerprint) {
        int last = Math.min(known.size(), expected + NEAR);
        for (int i = expected; i < last; i++) {
            if (known.fingerprint(i) == fingerprint) {
                expected = i + 1;
                misses = 0;
                return known.instances().get(i);
            }
        }
        return ++misses < NEAR ? null : anywhere(fingerprint);
    }

    private @Nullable Instance anywhere(long fingerprint) {
        if (byFingerprint == null) {
            byFingerprint = new HashMap<>(known.size() * 2);
            for (int i = 0; i < known.size(); i++) {
                byFingerprint.put(known.fingerprint(i), i);
            }
        }
        Integer found = byFingerprint.get(fingerprint);
        if (found == null) {
            return null;
        }
        expected = found + 1;
        return known.instances().get(found);
    }

    private Instance instance(BodyParser body) throws MalformedBodyException {
        WireInstance read = NamingBodies.instance(body);
        String inCluster = read.clusterName() == null ? Instance.DEFAULT_CLUSTER : read.clusterName();
        if (!inCluster.equals(cluster)) {
            cluster = inCluster;
        }
        if (!read.metadata().equals(metadata)) {
            metadata = read.metadata();
        }
        Instance instance = new Instance(
                "",
                read.ip(),
                read.port(),
                read.weight(),
                read.healthy(),
                read.enabled(),
                read.ephemeral(),
                cluster,
                metadata,
                service);
        metadata = instance.metadata();
        // Most ids follow from the rest and need not be kept.
        String id = read.instanceId();
        return id == null || id.equals(instance.shownId()) ? instance : instance.withId(id);
    }
}
