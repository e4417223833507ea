package io.registry.proto.payload;

import java.util.Set;

/**
 * Begins, repeats or ends the watch for services whose names match a pattern.
 *
 * @param namespace the namespace id; the default one where the client names none
 * @param groupKeyPattern {@code namespace>>group pattern>>service pattern}
 * @param receivedGroupKeys the services that the client knows, as {@code namespace@@group@@name}; unmodifiable
 * @param watchType {@link #WATCH}, {@link #CANCEL_WATCH}, or what the client sent instead
 * @param initializing whether the client still waits for its first complete list
 */
public record NamingFuzzyWatchRequest(
        String namespace, String groupKeyPattern, Set<String> receivedGroupKeys, String watchType, boolean initializing)
        implements RequestPayload {

    /** The name of this type on the wire. */
    public static final String TYPE = "NamingFuzzyWatchRequest";

    /** Begins or repeats a watch. */
    public static final String WATCH = "WATCH";

    /** Ends a watch. */
    public static final String CANCEL_WATCH = "CANCEL_WATCH";

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String answerType() {
        return "NamingFuzzyWatchResponse";
    }

    @Override
    public <R> R accept(Handler<R> handler) {
        return handler.fuzzyWatch(this);
    }
}
