package io.registry.server.core.push;

/**
 * One round of pushes about one service, and when the next one may begin. What was pushed is written to the sockets by
 * other threads: only when that is done is it known what the round cost.
 *
 * <p><b>Threading</b>: on the loop only.
 */
final class Wave {

    /** How many times as long as a wave the time from its beginning to that of the next is: pushing takes half a node. */
    private static final int PAUSE = 2;

    /** How long to wait for the word that a wave has been written: a transport may have ended with all it should say. */
    private static final long PATIENCE_MILLIS = 1_000;

    /** Before the first. */
    static final Wave NONE = new Wave(Long.MIN_VALUE / 2, 0);

    private final long begunMillis;

    /** Below 0 until all of it has been written. */
    private long tookMillis;

    private Wave(long begunMillis, long tookMillis) {
        this.begunMillis = begunMillis;
        this.tookMillis = tookMillis;
    }

    static Wave begin(long nowMillis) {
        return new Wave(nowMillis, -1);
    }

    /** Says that all of it has been written. */
    void written(long nowMillis) {
        tookMillis = nowMillis - begunMillis;
    }

    /** Returns how long the next wave has to wait, in milliseconds from now; 0 where it need not. */
    long wait(long nowMillis, long gatherMillis) {
        long since = nowMillis - begunMillis;
        if (tookMillis >= 0) {
            return Math.max(0, Math.max(gatherMillis, PAUSE * tookMillis) - since);
        }
        return since >= PATIENCE_MILLIS ? 0 : Math.max(1, gatherMillis);
    }
}
