package io.registry.server.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.sim.NamingSimulation.Kind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same as {@link NamingSimulationTest}, for longer. */
@Tag("long")
class NamingSimulationLongTest {

    private static final long FIRST = Long.getLong("sim.first", 100_000);
    private static final long COUNT = Long.getLong("sim.count", 5_000);

    @ParameterizedTest
    @EnumSource
    void nothingIsObjectedTo(Kind kind) {
        NamingTotals totals = NamingTotals.of(new NamingSimulation(kind, NodeMake.REAL), FIRST, COUNT);

        assertThat(totals.failedSeeds())
                .as(() -> String.join("\n\n", totals.failures()))
                .isEmpty();
    }
}
