package io.registry.client.redo;

import io.registry.client.grpc.GrpcConnection;
import io.registry.proto.envelope.Envelope;
import io.registry.proto.payload.NamingFuzzyWatchRequest;
import io.registry.proto.payload.RequestPayload;
import java.util.Set;
import java.util.TreeSet;

/**
 * The watch of one pattern, and what the client knows of it.
 *
 * <p><b>Threading</b>: for the client loop.
 */
public final class WatchEntry extends RedoEntry {

    private final String namespace;
    private final String pattern;
    private final Set<String> known = new TreeSet<>();
    private boolean watching = true;
    private boolean initialized;

    /**
     * Makes an entry that is wanted.
     *
     * @param pattern {@code namespace>>group pattern>>service pattern}
     */
    public WatchEntry(String namespace, String pattern) {
        this.namespace = namespace;
        this.pattern = pattern;
    }

    /** Returns the services that match as far as known, as {@code namespace@@group@@name}; to be kept up to date. */
    public Set<String> known() {
        return known;
    }

    /** Returns whether the first list is complete. */
    public boolean initialized() {
        return initialized;
    }

    /** Says that the first list is complete. */
    public void markInitialized() {
        initialized = true;
    }

    /** Says whether to watch. */
    public void watch(boolean value) {
        watching = value;
    }

    @Override
    public String subject() {
        return "watch " + pattern;
    }

    @Override
    int order() {
        return 2;
    }

    @Override
    boolean unwanted() {
        return !watching;
    }

    @Override
    RequestPayload request() {
        return new NamingFuzzyWatchRequest(
                namespace,
                pattern,
                Set.copyOf(known),
                watching ? NamingFuzzyWatchRequest.WATCH : NamingFuzzyWatchRequest.CANCEL_WATCH,
                !initialized);
    }

    @Override
    void accepted(GrpcConnection connection, Envelope answer) {
        // What matches comes on the stream.
    }

    @Override
    void revert() {
        watching = false;
    }
}
