package io.registry.server.compat;

import io.registry.server.compat.driver.Host;
import io.registry.server.fault.Fault;
import io.registry.server.fault.FaultProgram;
import io.registry.server.fault.Participant;
import io.registry.server.testkit.RegistryCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Unmodified clients of three generations and this project's own SDK, each in a process of its own and given three
 * addresses, live through what happens to the nodes: what they registered is there, and they know what is there.
 */
@Tag("long")
class ClientsUnderFaultIT {

    private static final List<ClientVersion> VERSIONS =
            List.of(ClientVersion.V1_4, ClientVersion.V2_5, ClientVersion.V3_2, ClientVersion.SDK);

    @SuppressWarnings("NullAway.Init")
    private static RegistryCluster cluster;

    @BeforeAll
    static void start() {
        cluster = RegistryCluster.startBreakable(3, "--registry.distro.owner-lease=15s");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void allNodesAreRestartedOneAfterAnother() {
        try (FaultProgram program = new FaultProgram(cluster, 3, kinds(cluster.addresses()))) {
            for (int node = 0; node < 3; node++) {
                program.round(node, List.of(Fault.STOP), List.of(node), Duration.ofSeconds(4));
            }
            System.out.println(program.summary());
        }
    }

    @Test
    void faultsStrikeByChance() {
        long seed = Long.getLong("registry.fault.seed", 2);
        try (FaultProgram program = new FaultProgram(cluster, seed, kinds(cluster.addresses()))) {
            program.run(Duration.ofMinutes(Integer.getInteger("registry.fault.client-minutes", 5)));

            System.out.println(program.summary());
        }
    }

    private static List<Supplier<Participant>> kinds(String addresses) {
        List<Supplier<Participant>> kinds = new ArrayList<>();
        for (ClientVersion version : VERSIONS) {
            kinds.add(() -> new Driven(version, addresses));
            kinds.add(() -> new Driven(version, addresses));
        }
        return kinds;
    }

    /** A client in a process of its own. */
    private static final class Driven implements Participant {

        private static final String GROUP = "DEFAULT_GROUP";

        private final ClientVersion version;
        private final NacosClient client;

        Driven(ClientVersion version, String addresses) {
            this.version = version;
            this.client = NacosClient.start(version, addresses);
        }

        @Override
        public void register(String service, String ip, int port) {
            wanted(() -> client.register(GROUP, service, Host.of(ip, port)));
        }

        @Override
        public void deregister(String service, String ip, int port) {
            wanted(() -> client.deregister(GROUP, service, Host.of(ip, port)));
        }

        @Override
        public void follow(String service) {
            wanted(() -> client.subscribe(GROUP, service, "", service));
        }

        @Override
        public Set<String> known(String service) {
            List<List<Host>> told = client.lists(service);
            return told.isEmpty()
                    ? Set.of()
                    : told.get(told.size() - 1).stream()
                            .map(host -> host.ip() + ":" + host.port())
                            .collect(Collectors.toCollection(TreeSet::new));
        }

        @Override
        public int instancesMax() {
            // A second registration of a service on one connection replaces the first.
            return version.beats() || version.isSdk() ? Integer.MAX_VALUE : 1;
        }

        @Override
        public void close() {
            client.close();
        }

        @Override
        public String toString() {
            return version.toString();
        }

        /** A call that no node answered fails, and what it asked for is made good later. */
        private static void wanted(Runnable call) {
            try {
                call.run();
            } catch (DrivenProcess.Failure e) {
                // So it is in the midst of faults.
            }
        }
    }
}
