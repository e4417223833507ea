package io.registry.distro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DistroConfigTest {

    @Test
    void theDefaultsAreTheDocumentedOnes() {
        assertThat(DistroConfig.defaults())
                .isEqualTo(new DistroConfig(
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(60),
                        Duration.ofMinutes(10),
                        131_072,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(60),
                        SyncConfig.defaults()));
    }

    @Test
    void aTimeOfZeroIsRefusedByName() {
        assertThatThrownBy(() -> with(Duration.ZERO, Duration.ofSeconds(60)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("drainGrace: PT0S (expected: more than zero)");
    }

    @Test
    void whatMovesStaysNoLongerThanWhatLostItsOwner() {
        assertThat(with(Duration.ofSeconds(61), Duration.ofSeconds(60)).drainGrace())
                .isEqualTo(Duration.ofSeconds(60));
        assertThat(with(Duration.ofSeconds(59), Duration.ofSeconds(60)).drainGrace())
                .isEqualTo(Duration.ofSeconds(59));
    }

    @Test
    void aTombstoneMayNotGoBeforeItsWithdrawalHasLostItsEffect() {
        assertThatThrownBy(() -> with(Duration.ofSeconds(6), Duration.ofSeconds(14)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT5S, PT15S, PT14S");
    }

    @Test
    void aTombstoneDoesNotGoSoonerWhileAMemberIsDown() {
        assertThatThrownBy(() -> with(Duration.ofSeconds(6), Duration.ofSeconds(61), Duration.ofSeconds(60)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tombstoneTtlAway: PT1M (expected: at least tombstoneTtl, PT1M1S)");
    }

    private static DistroConfig with(Duration drainGrace, Duration tombstoneTtl) {
        return with(drainGrace, tombstoneTtl, Duration.ofMinutes(1));
    }

    private static DistroConfig with(Duration drainGrace, Duration tombstoneTtl, Duration tombstoneTtlAway) {
        return new DistroConfig(
                Duration.ofSeconds(60),
                drainGrace,
                tombstoneTtl,
                tombstoneTtlAway,
                10,
                Duration.ofSeconds(5),
                Duration.ofSeconds(15),
                Duration.ofSeconds(60),
                SyncConfig.defaults());
    }
}
