package io.registry.distro.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same as {@link SimulationTest}, for longer. */
@Tag("long")
class SimulationLongTest {

    private static final long FIRST = Long.getLong("sim.first", 100_000);
    private static final long COUNT = Long.getLong("sim.count", 20_000);

    @Test
    void everyNodeEndsWithTheTruth() {
        Totals totals = Totals.of(new Simulation(Protocols.REAL), FIRST, COUNT);

        assertThat(totals.failedSeeds())
                .as(() -> String.join("\n\n", totals.failures()))
                .isEmpty();
    }
}
