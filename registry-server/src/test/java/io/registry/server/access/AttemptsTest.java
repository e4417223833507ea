package io.registry.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AttemptsTest {

    private static final long PAUSE = TimeUnit.SECONDS.toNanos(6);

    private final AtomicLong nanos = new AtomicLong();
    private final Attempts attempts = new Attempts(2, 3, Duration.ofSeconds(6), nanos::get);

    @Test
    void someAreFreeAndThenOneComesBackAfterEachPause() {
        for (int i = 0; i < 3; i++) {
            assertThat(attempts.take("a")).isZero();
        }
        assertThat(attempts.take("a")).isEqualTo(PAUSE);
        nanos.addAndGet(PAUSE - 1);
        assertThat(attempts.take("a")).isEqualTo(1);
        nanos.addAndGet(1);
        assertThat(attempts.take("a")).isZero();
        assertThat(attempts.take("a")).isEqualTo(PAUSE);
    }

    @Test
    void anAttemptThatSucceedsCostsNothing() {
        for (int i = 0; i < 100; i++) {
            assertThat(attempts.take("a")).isZero();
            attempts.giveBack("a");
        }
    }

    @Test
    void oneDoesNotCountForAnother() {
        for (int i = 0; i < 4; i++) {
            attempts.take("a");
        }

        assertThat(attempts.take("b")).isZero();
    }

    @Test
    void whoWasNotSeenForLongestIsForgottenFirst() {
        for (int i = 0; i < 3; i++) {
            attempts.take("a");
        }
        attempts.take("b");
        attempts.take("a");
        attempts.take("c");

        assertThat(attempts.take("a")).isEqualTo(PAUSE);
    }
}
