package io.registry.distro.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A seed that fails must fail again: the same seed gives the same run, also in another process. */
class DeterminismTest {

    private static final long[] SEEDS = LongStream.range(0, 20).toArray();

    /** Hash salts and identity hashes are the same within one process, so only another one can tell. */
    @Test
    void aSeedGivesTheSameRunInAnotherProcess() throws IOException, InterruptedException {
        List<String> here = hashes();

        Process other = start();
        List<String> there = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();

        assertThat(other.waitFor()).isZero();
        assertThat(there).isEqualTo(here);
    }

    @Test
    void aSeedGivesTheSameRunAgain() {
        assertThat(hashes()).isEqualTo(hashes()).doesNotHaveDuplicates();
    }

    private static List<String> hashes() {
        Simulation simulation = new Simulation(Protocols.REAL);
        return LongStream.of(SEEDS)
                .mapToObj(seed -> Long.toString(simulation.run(seed).traceHash()))
                .toList();
    }

    private static Process start() throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-cp");
        // Surefire hides the class path in a manifest, and says in a property what it is.
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(SimulationMain.class.getName());
        command.add("hashes");
        LongStream.of(SEEDS).forEach(seed -> command.add(Long.toString(seed)));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
