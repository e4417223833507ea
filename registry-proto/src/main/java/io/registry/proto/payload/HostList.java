package io.registry.proto.payload;

import io.registry.api.model.Instance;
import java.util.List;

/**
 * The instances of a service as a server sent them, with a fingerprint of the text that each was read from, so that the
 * next list need not read again what has not changed.
 *
 * <p><b>Threading</b>: immutable.
 */
public final class HostList {

    /** No instance. */
    public static final HostList EMPTY = new HostList(List.of(), new long[0]);

    private final List<Instance> instances;
    private final long[] fingerprints;

    /**
     * Makes a list.
     *
     * @param instances not to be written to afterwards
     * @param fingerprints one for each instance; not to be written to afterwards
     */
    public HostList(List<Instance> instances, long[] fingerprints) {
        this.instances = instances;
        this.fingerprints = fingerprints;
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
}
