package io.registry.client.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {

    @Test
    void everyServerIsTriedOnceWithoutDelay() {
        assertThat(Backoff.delay(0, 3, 0)).isZero();
        assertThat(Backoff.delay(2, 3, 0)).isZero();
        assertThat(Backoff.delay(3, 3, 0)).isEqualTo(Backoff.FIRST);
    }

    @Test
    void delayDoublesWithEachRoundUpToItsBound() {
        assertThat(Backoff.delay(1, 1, 0)).isEqualTo(Duration.ofMillis(100));
        assertThat(Backoff.delay(2, 1, 0)).isEqualTo(Duration.ofMillis(200));
        assertThat(Backoff.delay(5, 1, 0)).isEqualTo(Duration.ofMillis(1600));
        assertThat(Backoff.delay(6, 1, 0)).isEqualTo(Backoff.LAST);
        assertThat(Backoff.delay(Integer.MAX_VALUE, 1, 0)).isEqualTo(Backoff.LAST);
    }

    @Test
    void chanceTakesAwayUpToHalf() {
        assertThat(Backoff.delay(100, 1, 0.999)).isBetween(Backoff.LAST.dividedBy(2), Backoff.LAST);
    }
}
