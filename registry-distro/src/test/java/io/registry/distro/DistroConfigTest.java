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
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(60),
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
    void aTombstoneMayNotGoBeforeItsWithdrawalHasLostItsEffect() {
        assertThatThrownBy(() -> with(Duration.ofSeconds(6), Duration.ofSeconds(14)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT5S, PT15S, PT14S");
    }

    private static DistroConfig with(Duration drainGrace, Duration tombstoneTtl) {
        return new DistroConfig(
                Duration.ofSeconds(60),
                drainGrace,
                tombstoneTtl,
                10,
                Duration.ofSeconds(5),
                Duration.ofSeconds(15),
                Duration.ofSeconds(60),
                SyncConfig.defaults());
    }
}
