package io.registry.server.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.distro.sim.engine.FreshJvm;
import io.registry.server.sim.NamingSimulation.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A seed that fails must fail again: the same seed gives the same run, also in another process. */
class NamingDeterminismTest {

    private static final long[] SEEDS = LongStream.range(0, 10).toArray();

    /** Hash salts and identity hashes are the same within one process, so only another one can tell. */
    @Test
    void aSeedGivesTheSameRunInAnotherProcess() throws IOException, InterruptedException {
        List<String> here = hashes();

        List<String> arguments = new ArrayList<>(List.of(Kind.WILD.name(), "hashes"));
        LongStream.of(SEEDS).forEach(seed -> arguments.add(Long.toString(seed)));

        assertThat(FreshJvm.run(NamingSimulationMain.class, arguments)).isEqualTo(here);
    }

    @Test
    void aSeedGivesTheSameRunAgain() {
        assertThat(hashes()).isEqualTo(hashes()).doesNotHaveDuplicates();
    }

    private static List<String> hashes() {
        return NamingSimulationMain.hashes(Kind.WILD, SEEDS);
    }
}
