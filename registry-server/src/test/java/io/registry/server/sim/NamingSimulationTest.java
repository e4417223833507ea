package io.registry.server.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.sim.NamingSimulation.Kind;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.junit.jupiter.api.Test;

/**
 * What consumers are told by the core of real servers, whatever happens to these. One seed gives one run; {@code
 * -Dsim.first} and {@code -Dsim.count} say which.
 */
class NamingSimulationTest {

    private static final Logger LOG = System.getLogger(NamingSimulationTest.class.getName());

    private static final long FIRST = Long.getLong("sim.first", 0);
    private static final long COUNT = Long.getLong("sim.count", 250);

    /** Whatever goes wrong: once the network is whole and quiet, everybody was last told what is so. */
    @Test
    void whatAConsumerWasToldLastIsTheTruth() {
        assertNoObjection(Kind.WILD);
    }

    /** Where no node is lost without warning, nobody is ever shown a list without an instance that was there all along. */
    @Test
    void nobodyWhoIsThereIsLeftOut() {
        assertNoObjection(Kind.GENTLE);
    }

    private static void assertNoObjection(Kind kind) {
        NamingTotals totals = NamingTotals.of(new NamingSimulation(kind, NodeMake.REAL), FIRST, COUNT);

        LOG.log(Level.INFO, "{0} from seed {1}: {2}", kind, Long.toString(FIRST), totals);
        assertThat(totals.failedSeeds())
                .as(() -> String.join("\n\n", totals.failures()))
                .isEmpty();
    }
}
