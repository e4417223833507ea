package io.registry.server.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.distro.BrokenProtocols;
import io.registry.server.core.push.PushConfig;
import io.registry.server.sim.NamingSimulation.Kind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A check that cannot object is worth nothing: something essential is left out in turn, and the right check must notice. */
class NamingTeethTest {

    private static final Duration NEVER = Duration.ofDays(1);

    /** The gate before every call is open while the node still loads. */
    @Test
    void aNodeSpeaksThatKnowsNothingYet() {
        assertThat(objections(Kind.WILD, NodeMake.REAL.impatient(), 5))
                .anyMatch(report -> report.contains("speaks before it has loaded"));
    }

    /** With seeds in which it shows: there are few in which a consumer comes just when a node has started. */
    @ParameterizedTest
    @CsvSource({"DRAIN_GRACE, 1", "LOAD_BEFORE_READY, 200", "ORPHANS_TO_LOADING, 1440", "ORPHANS_TO_LOADING, 2685"})
    void instancesAreLeftOutWithout(String rule, long seed) {
        assertThat(NamingTotals.of(new NamingSimulation(Kind.GENTLE, without(rule)), seed, 1)
                        .failures())
                .anyMatch(report -> report.contains("that was there all along"));
        assertThat(NamingTotals.of(new NamingSimulation(Kind.GENTLE, NodeMake.REAL), seed, 1)
                        .failures())
                .isEmpty();
    }

    /** A push that leaves too soon after an answer overtakes it, and the consumer keeps what is older. */
    @Test
    void consumersGoBackInTimeWherePushesDoNotWait() {
        PushConfig usual = PushConfig.defaults();
        PushConfig hasty = new PushConfig(usual.gather(), Duration.ZERO, usual.ackTimeout(), usual.retryDelay());

        assertThat(objections(Kind.GENTLE, NodeMake.REAL.withPush(hasty), 20))
                .anyMatch(report -> report.contains("what is older"));
    }

    /** With seeds in which the lost push is the last one of its service. */
    @ParameterizedTest
    @ValueSource(longs = {91, 95, 97})
    void consumersStayBehindWherePushesAreNotRepeated(long seed) {
        PushConfig usual = PushConfig.defaults();
        PushConfig careless = new PushConfig(usual.gather(), usual.settle(), NEVER, usual.retryDelay());

        assertThat(NamingTotals.of(new NamingSimulation(Kind.WILD, NodeMake.REAL.withPush(careless)), seed, 1)
                        .failures())
                .anyMatch(report -> report.contains("was last told"));
    }

    private static List<String> objections(Kind kind, NodeMake make, int count) {
        return NamingTotals.of(new NamingSimulation(kind, make), 0, count).failures();
    }

    private static NodeMake without(String rule) {
        return NodeMake.REAL.withProtocols((self, incarnation, config, ports, listener) ->
                BrokenProtocols.without(rule, self, incarnation, config, ports, listener));
    }
}
