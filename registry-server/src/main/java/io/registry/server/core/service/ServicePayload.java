package io.registry.server.core.service;

import io.registry.server.core.client.InstanceBytes;
import org.jspecify.annotations.Nullable;

/**
 * What consumers are shown of one service at one revision through one filter: the JSON of its instances, joined when
 * somebody first asks for it, and shared by every answer and every push from then on.
 *
 * <p><b>Threading</b>: from any thread. Should two ask for the bytes at once, both join the same, and one is forgotten.
 */
public final class ServicePayload {

    private static final byte[] NOTHING = new byte[0];

    private final Shown shown;
    private final long length;
    private final boolean reachProtectionThreshold;
    private final boolean emptyOnPurpose;
    private volatile byte @Nullable [] joined;

    ServicePayload(Shown shown, boolean reachProtectionThreshold, boolean emptyOnPurpose) {
        this.shown = shown;
        this.reachProtectionThreshold = reachProtectionThreshold;
        this.emptyOnPurpose = emptyOnPurpose;
        long total = Math.max(0, shown.instances().size() - 1);
        for (InstanceBytes instance : shown.instances()) {
            total += instance.json().length;
        }
        this.length = total;
    }

    /** Returns the revision of the service. */
    public long revision() {
        return shown.revision();
    }

    /** Returns the instances themselves. */
    public Shown shown() {
        return shown;
    }

    /** Returns how many instances are shown. */
    public int count() {
        return shown.instances().size();
    }

    /** Returns how many bytes {@link #hosts} has, without joining them. */
    public long length() {
        return length;
    }

    /** Returns JSON objects separated by commas, in UTF-8, without brackets; shared, not to be written to. */
    public byte[] hosts() {
        byte[] made = joined;
        if (made == null) {
            made = join();
            joined = made;
        }
        return made;
    }

    /** Returns whether so few are healthy that all are shown as healthy. */
    public boolean reachProtectionThreshold() {
        return reachProtectionThreshold;
    }

    /**
     * Returns whether nobody is shown because all have said goodbye or are switched off, in contrast to connections that
     * broke and beats that stayed away.
     */
    public boolean emptyOnPurpose() {
        return emptyOnPurpose;
    }

    private byte[] join() {
        if (shown.instances().isEmpty()) {
            return NOTHING;
        }
        if (shown.instances().size() == 1) {
            return shown.instances().get(0).json();
        }
        byte[] hosts = new byte[Math.toIntExact(length)];
        int at = 0;
        for (InstanceBytes instance : shown.instances()) {
            if (at > 0) {
                hosts[at++] = ',';
            }
            byte[] json = instance.json();
            System.arraycopy(json, 0, hosts, at, json.length);
            at += json.length;
        }
        return hosts;
    }
}
