package io.registry.server.peer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * What has passed between this node and one other since the start, counted. Whoever shows figures reads them from here.
 *
 * <p><b>Threading</b>: written and read from any thread.
 */
public final class PeerCounters {

    final LongAdder sent = new LongAdder();
    final LongAdder received = new LongAdder();
    final LongAdder sentBytes = new LongAdder();
    final LongAdder receivedBytes = new LongAdder();
    final LongAdder connects = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder unconnected = new LongAdder();
    final LongAdder overflow = new LongAdder();
    final LongAdder outdated = new LongAdder();
    final LongAdder tooLong = new LongAdder();
    final LongAdder malformed = new LongAdder();
    final LongAdder calls = new LongAdder();
    final LongAdder unreached = new LongAdder();
    final LongAdder unanswered = new LongAdder();
    private volatile boolean up;

    /** Returns frames by direction, {@code out} and {@code in}. */
    public Map<String, LongAdder> messages() {
        return both(sent, received);
    }

    /** Returns bytes of frames by direction, {@code out} and {@code in}. */
    public Map<String, LongAdder> bytes() {
        return both(sentBytes, receivedBytes);
    }

    /**
     * Returns messages that were dropped, by reason: {@code unconnected}, {@code overflow} where too many waited, {@code
     * outdated} where a newer digest took the place, {@code too-long}, and {@code malformed}, which this node or the peer did
     * not understand.
     */
    public Map<String, LongAdder> drops() {
        Map<String, LongAdder> byReason = new LinkedHashMap<>();
        byReason.put("unconnected", unconnected);
        byReason.put("overflow", overflow);
        byReason.put("outdated", outdated);
        byReason.put("too-long", tooLong);
        byReason.put("malformed", malformed);
        return byReason;
    }

    /** Returns what became of streams to the peer: {@code connected}, and {@code failed} attempts and streams. */
    public Map<String, LongAdder> streams() {
        Map<String, LongAdder> byEvent = new LinkedHashMap<>();
        byEvent.put("connected", connects);
        byEvent.put("failed", failures);
        return byEvent;
    }

    /** Returns calls to the peer by outcome: {@code asked}, of which {@code unanswered}; and {@code unreached}. */
    public Map<String, LongAdder> calls() {
        Map<String, LongAdder> byOutcome = new LinkedHashMap<>();
        byOutcome.put("asked", calls);
        byOutcome.put("unanswered", unanswered);
        byOutcome.put("unreached", unreached);
        return byOutcome;
    }

    /** Returns whether there is a stream to the peer. */
    public boolean isUp() {
        return up;
    }

    void up(boolean now) {
        up = now;
    }

    private static Map<String, LongAdder> both(LongAdder out, LongAdder in) {
        Map<String, LongAdder> byDirection = new LinkedHashMap<>();
        byDirection.put("out", out);
        byDirection.put("in", in);
        return byDirection;
    }
}
