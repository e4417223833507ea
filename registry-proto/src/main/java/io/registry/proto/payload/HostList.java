package io.registry.proto.payload;

import io.registry.api.model.Instance;
import java.util.List;

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
}
