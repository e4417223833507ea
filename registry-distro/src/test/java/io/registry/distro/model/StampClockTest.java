package io.registry.distro.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StampClockTest {

    private static final long NOW = 1_800_000_000_000L;

    private final AtomicLong wall = new AtomicLong(NOW);
    private final StampClock clock = new StampClock(wall::get);

    @Test
    void aFreshTimeIsAboutNow() {
        assertThat(StampClock.millisOf(clock.next(0))).isEqualTo(NOW);
    }

    @Test
    void everyTimeIsGreaterThanTheOneBeforeEvenWhenTheWallClockGoesBack() {
        long before = clock.next(0);
        wall.addAndGet(-Duration.ofHours(1).toMillis());

        assertThat(clock.next(0)).isEqualTo(before + 1);
        assertThat(clock.millis()).isEqualTo(NOW);
    }

    @Test
    void aThousandTimesInOneMillisecondDoNotRunAheadOfIt() {
        for (int i = 0; i < 1_000; i++) {
            clock.next(0);
        }

        assertThat(clock.millis()).isEqualTo(NOW);
    }

    @Test
    void aFreshTimeIsAboveWhatWasSeenAndAboveTheFloor() {
        long seen = StampClock.hybridOf(NOW + 5_000, 3);
        clock.seen(seen);

        assertThat(clock.next(0)).isEqualTo(seen + 1);
        assertThat(clock.next(seen + 100)).isEqualTo(seen + 101);
        assertThat(clock.driftMillis()).isEqualTo(5_000);
    }

    @Test
    void aLookAtTheClockIsNeverUndone() {
        assertThat(clock.millis()).isEqualTo(NOW);
        wall.addAndGet(-10);
        assertThat(clock.millis()).isEqualTo(NOW);
        wall.addAndGet(20);
        assertThat(clock.millis()).isEqualTo(NOW + 10);
    }

    @Test
    void clocksThatAreWrongAreBelievedAndAbsurdOnesAreNot() {
        assertThat(clock.believes(StampClock.hybridOf(NOW + Duration.ofDays(365).toMillis(), 0)))
                .isTrue();
        assertThat(clock.believes(
                        StampClock.hybridOf(NOW + Duration.ofDays(4_000).toMillis(), 0)))
                .isFalse();
        assertThat(clock.believes(Long.MAX_VALUE)).isFalse();
    }

    @Test
    void aNodeWhoseOwnClockWasResetStillBelievesTheOthers() {
        wall.set(0);

        assertThat(clock.believes(StampClock.hybridOf(NOW, 0))).isTrue();
    }
}
