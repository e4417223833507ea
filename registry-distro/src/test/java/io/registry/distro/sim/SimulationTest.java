package io.registry.distro.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.junit.jupiter.api.Test;

/**
 * Whatever goes wrong, once the network is whole and quiet every node shows the clients that live, and on the way there
 * nothing goes back in time and nothing that is gone returns. One seed gives one run; {@code -Dsim.first} and
 * {@code -Dsim.count} say which.
 */
class SimulationTest {

    private static final Logger LOG = System.getLogger(SimulationTest.class.getName());

    private static final long FIRST = Long.getLong("sim.first", 0);
    private static final long COUNT = Long.getLong("sim.count", 2_000);

    @Test
    void everyNodeEndsWithTheTruth() {
        Totals totals = Totals.of(new Simulation(Protocols.REAL), FIRST, COUNT);

        LOG.log(Level.INFO, "from seed {0}: {1}", Long.toString(FIRST), totals);
        assertThat(totals.failedSeeds())
                .as(() -> String.join("\n\n", totals.failures()))
                .isEmpty();
        assertThat(totals.anomalies().of(Anomalies.Kind.STALE_CONTENT))
                .as("contents lost to wrong clocks")
                .isLessThanOrEqualTo(COUNT / 1_000);
    }
}
