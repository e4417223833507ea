package io.registry.server.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.RegistryCluster;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Three real processes under faults and clients. {@code -Dregistry.fault.seed} and {@code -Dregistry.fault.minutes} choose
 * what the long run does.
 */
class FaultIT {

    private static final String LEASE = "--registry.distro.owner-lease=10s";

    @Test
    void allIsWholeAgainAfterANodeWasKilledAndAnotherOneWasCutOffOrStoodStill() {
        try (RegistryCluster cluster = RegistryCluster.startBreakable(3, LEASE);
                FaultProgram program = new FaultProgram(cluster, 1, FaultProgram.ownKinds(cluster, 1, 2))) {
            Fault other = cluster.network().breaks() ? Fault.CUT : Fault.PAUSE;

            program.round(1, List.of(Fault.CRASH, other), List.of(0, 1), Duration.ofSeconds(3));

            assertThat(program.summary()).contains("1 rounds");
        }
    }

    @Test
    @Tag("long")
    void allIsWholeAgainAfterManyFaultsByChance() {
        long seed = Long.getLong("registry.fault.seed", 1);
        int minutes = Integer.getInteger("registry.fault.minutes", 10);
        System.out.println("faults by chance: -Dregistry.fault.seed=" + seed + " -Dregistry.fault.minutes=" + minutes);
        try (RegistryCluster cluster = RegistryCluster.startBreakable(3, LEASE);
                FaultProgram program = new FaultProgram(cluster, seed, FaultProgram.ownKinds(cluster, seed, 4))) {
            program.run(Duration.ofMinutes(minutes));

            System.out.println(program.summary());
        }
    }
}
