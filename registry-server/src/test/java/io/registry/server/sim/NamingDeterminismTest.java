package io.registry.server.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.sim.NamingSimulation.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
        return NamingSimulationMain.hashes(Kind.WILD, SEEDS);
    }

    private static Process start() throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-cp");
        // Surefire hides the class path in a manifest, and says in a property what it is.
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(NamingSimulationMain.class.getName());
        command.add(Kind.WILD.name());
        command.add("hashes");
        LongStream.of(SEEDS).forEach(seed -> command.add(Long.toString(seed)));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
