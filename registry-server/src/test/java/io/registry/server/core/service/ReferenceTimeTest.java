package io.registry.server.core.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.distro.port.DistroClock;
import org.junit.jupiter.api.Test;

class ReferenceTimeTest {

    private long wallMillis = 1_000;
    private final ReferenceTime time = new ReferenceTime(new DistroClock() {
        @Override
        public long wallMillis() {
            return wallMillis;
        }

        @Override
        public long monotonicMillis() {
            return 0;
        }
    });

    @Test
    void aClockThatGoesBackwardsIsNotFollowed() {
        assertThat(time.now()).isEqualTo(1_000);
        wallMillis = 400;
        assertThat(time.now()).isEqualTo(1_000);
        wallMillis = 1_001;
        assertThat(time.now()).isEqualTo(1_001);
    }

    @Test
    void aClientFromANodeWhoseClockIsAheadIsToldNoEarlierTime() {
        // The other node says that it is 9000, and answers a client 900 ms later.
        time.follow(9_000);
        wallMillis += 900;

        assertThat(time.now()).isEqualTo(9_900);
    }

    @Test
    void whenTheNodeThatWasAheadIsGoneTheTimeWaitsUntilItsOwnClockIsThere() {
        time.follow(9_000);
        assertThat(time.now()).isEqualTo(9_000);
        wallMillis = 5_000;
        time.follow(9_000);
        assertThat(time.now()).isEqualTo(9_000);
        wallMillis = 9_500;
        time.follow(9_500);

        assertThat(time.now()).isEqualTo(9_500);
    }

    @Test
    void aNodeWhoseClockIsBehindChangesNothing() {
        time.follow(10);

        assertThat(time.now()).isEqualTo(1_000);
    }
}
