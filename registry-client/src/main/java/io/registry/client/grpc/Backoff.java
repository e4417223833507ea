package io.registry.client.grpc;

import java.time.Duration;

/**
 * How long to wait before the next attempt to connect. Every server is tried once without delay; after that, each round
 * over the list waits twice as long between attempts as the one before, up to a bound, less up to a half by chance, so
 * that the clients of a lost server do not come back all at once.
 */
final class Backoff {

    static final Duration FIRST = Duration.ofMillis(100);

    /** Short enough that a server which comes back is found within a few seconds. */
    static final Duration LAST = Duration.ofSeconds(3);

    private Backoff() {}

    /**
     * Returns the delay.
     *
     * @param failures how many attempts have failed since the last success
     * @param servers how many servers there are
     * @param random 0 (inclusive) to 1 (exclusive)
     */
    static Duration delay(int failures, int servers, double random) {
        int round = failures / Math.max(1, servers);
        if (round == 0) {
            return Duration.ZERO;
        }
        long full = Math.min(LAST.toMillis(), FIRST.toMillis() << Math.min(20, round - 1));
        return Duration.ofMillis(full - (long) (full / 2.0 * random));
    }
}
