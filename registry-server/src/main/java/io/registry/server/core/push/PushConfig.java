package io.registry.server.core.push;

import java.time.Duration;

/**
 * The times of pushing.
 *
 * @param gather how long changes gather at least after a wave of pushes has begun; the first change after a quiet time
 *     leaves at once
 * @param settle how long after an answer a push may leave, so that it cannot overtake the answer
 * @param ackTimeout how long to wait for an acknowledgement before pushing again
 * @param retryDelay how long to wait after a refused push
 */
public record PushConfig(Duration gather, Duration settle, Duration ackTimeout, Duration retryDelay) {

    /** The defaults; the last two are those of the wire protocol. */
    public static PushConfig defaults() {
        return new PushConfig(
                Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofSeconds(5), Duration.ofSeconds(1));
    }
}
