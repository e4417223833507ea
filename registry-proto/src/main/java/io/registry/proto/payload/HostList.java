package io.registry.proto.payload;

import io.registry.api.model.Instance;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The instances of a service as a server sent them, with fingerprint and length of the text that each was read from, so that the
 * next list need not read again what has not changed.
 *
 * <p><b>Threading</b>: immutable.
 */
public final class HostList {

    /** No instance. */
    public static final HostList EMPTY = new HostList(List.of(), new long[0], new int[0]);

    private final List<Instance> instances;
    private final long[] fingerprints;
    private final int[] lengths;

    /**
     * Makes a list.
     *
     * @param instances not to be written to afterwards
     * @param fingerprints one for each instance; not to be written to afterwards
     * @param lengths of the text of each instance, in bytes; not to be written to afterwards
     */
    public HostList(List<Instance> instances, long[] fingerprints, int[] lengths) {
        this.instances = instances;
        this.fingerprints = fingerprints;
        this.lengths = lengths;
    }

    /** Returns the instances in the server's order; unmodifiable. */
    public List<Instance> instances() {
        return instances;
    }

    /** Returns how many instances there are. */
    public int size() {
        return fingerprints.length;
    }

    /** Returns the fingerprint of one instance. */
    public long fingerprint(int index) {
        return fingerprints[index];
    }

    /** Returns how many bytes the text of one instance had. */
    public int length(int index) {
        return lengths[index];
    }

    /**
     * Returns this list without some of its instances and with others.
     *
     * @param removed places in this list, rising
     * @param put places in the result, rising, one for each of the other instances
     * @param others what is put there
     * @param count how many instances result
     * @return null where the places fit neither this list nor the others
     */
    public @Nullable HostList edited(int[] removed, int[] put, HostList others, int count) {
        if (put.length != others.size() || count != size() - removed.length + put.length) {
            return null;
        }
        if (removed.length == 0 && put.length == 0) {
            return this;
        }
        List<Instance> nextInstances = new ArrayList<>(count);
        long[] nextFingerprints = new long[count];
        int[] nextLengths = new int[count];
        int from = 0;
        int gone = 0;
        int came = 0;
        for (int at = 0; at < count; at++) {
            if (came < put.length && put[came] == at) {
                nextInstances.add(others.instances.get(came));
                nextFingerprints[at] = others.fingerprints[came];
                nextLengths[at] = others.lengths[came];
                came++;
                continue;
            }
            while (gone < removed.length && removed[gone] == from) {
                gone++;
                from++;
            }
            if (from >= size()) {
                return null;
            }
            nextInstances.add(instances.get(from));
            nextFingerprints[at] = fingerprints[from];
            nextLengths[at] = lengths[from];
            from++;
        }
        while (gone < removed.length && removed[gone] == from) {
            gone++;
            from++;
        }
        return came == put.length && gone == removed.length && from == size()
                ? new HostList(Collections.unmodifiableList(nextInstances), nextFingerprints, nextLengths)
                : null;
    }
}
