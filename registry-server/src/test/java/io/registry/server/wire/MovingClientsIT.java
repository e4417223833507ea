package io.registry.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.api.NamingService;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.client.RegistryClient;
import io.registry.client.Transport;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryCluster;
import io.registry.server.testkit.RegistryProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Connections that go from one member to another, with clients that know all members. */
@Tag("long")
class MovingClientsIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Pattern COUNT =
            Pattern.compile("\"address\":\"([^\"]+)\",\"metric\":\\{[^}]*\"sdkConCount\":\"(\\d+)\"");

    private final List<NamingService> clients = new ArrayList<>();
    private final List<Follower> followers = new ArrayList<>();
    private final Set<String> published = new TreeSet<>();

    @SuppressWarnings("NullAway.Init")
    private RegistryCluster cluster;

    /** A client that follows a service, and keeps which instances it has ever been without, once it knew all. */
    private static final class Follower {

        private final Set<String> all;
        private final ConcurrentLinkedQueue<String> gaps = new ConcurrentLinkedQueue<>();
        private volatile Set<String> now = Set.of();
        private volatile boolean complete;

        Follower(NamingService naming, Set<String> all) {
            this.all = Set.copyOf(all);
            naming.subscribe("moving", change -> seen(change.instances()));
        }

        private void seen(List<Instance> instances) {
            now = instances.stream()
                    .filter(Instance::healthy)
                    .map(Instance::address)
                    .collect(Collectors.toSet());
            if (complete && !now.containsAll(all)) {
                Set<String> missing = new TreeSet<>(all);
                missing.removeAll(now);
                gaps.add(missing.toString());
            }
        }

        boolean knowsAll() {
            complete |= now.containsAll(all);
            return complete;
        }
    }

    @BeforeEach
    void start() {
        cluster = RegistryCluster.start(
                3, "--registry.rebalance.settle=1s", "--registry.rebalance.permille-per-second=100");
    }

    @AfterEach
    void stop() {
        clients.forEach(NamingService::close);
        cluster.close();
    }

    @Test
    void clientsSpreadOverAMemberThatComesBackAndNobodyMissesAnInstance() {
        RegistryProcess away = cluster.node(2);
        away.stop();
        publish(60, Transport.GRPC);
        follow(6);
        assertThat(counts()).doesNotContainKey(away.address());

        away.restart();

        Await.until("a spread within a tenth of the mean", Duration.ofMinutes(2), () -> {
            Map<String, Integer> counts = counts();
            return counts.size() == 3 && counts.values().stream().allMatch(count -> count >= 20 && count <= 24);
        });
        assertNoGaps();
        assertThat(cluster.nodes()).anySatisfy(node -> assertThat(node.log()).contains("rebalancing begins"));
        assertThat(new Http(cluster.node(0)).send("GET", "/actuator/prometheus"))
                .contains("registry_rebalance_asked_total");
    }

    @Test
    void membersAreRestartedOneAfterAnotherAndNobodyMissesAnInstance() {
        publish(12, Transport.GRPC);
        publish(12, Transport.HTTP);
        follow(6);

        for (RegistryProcess node : cluster.nodes()) {
            node.stop();
            assertThat(node.log()).contains("clients are told to move: clients=");
            node.restart();
        }

        Await.until(
                "all members have what is published",
                SOON,
                () -> cluster.nodes().stream()
                        .allMatch(node -> new Http(node)
                                        .send("GET", "/v1/ns/instance/list", "serviceName", "moving")
                                        .split("\"instanceId\"", -1)
                                        .length
                                == 25));
        assertNoGaps();
    }

    private void publish(int count, Transport transport) {
        for (int i = 0; i < count; i++) {
            NamingService client = client("provider-" + clients.size(), transport);
            Instance instance = Instance.of("10.0.0." + (clients.size() + 1), 80);
            Await.until("registered: " + instance.address(), SOON, () -> registers(client, instance));
            published.add(instance.address());
        }
    }

    /** On a machine that does much else, a call may last longer than a client waits for it. */
    private static boolean registers(NamingService client, Instance instance) {
        try {
            client.registerInstance("moving", instance);
            return true;
        } catch (RegistryException e) {
            return false;
        }
    }

    private void follow(int count) {
        for (int i = 0; i < count; i++) {
            followers.add(new Follower(client("consumer-" + i, Transport.GRPC), published));
        }
        for (Follower follower : followers) {
            Await.until("all instances are known", SOON, follower::knowsAll);
        }
    }

    private NamingService client(String application, Transport transport) {
        String all = cluster.nodes().stream().map(RegistryProcess::address).collect(Collectors.joining(","));
        NamingService client = RegistryClient.builder()
                .serverAddr(all)
                .appName(application)
                .transport(transport)
                .build();
        clients.add(client);
        return client;
    }

    private void assertNoGaps() {
        for (Follower follower : followers) {
            Await.until("all instances in the last list", SOON, () -> follower.now.containsAll(published));
            assertThat(follower.gaps).as("instances that were away").isEmpty();
        }
    }

    /** Returns how many clients each member has, as the first one knows it. */
    private Map<String, Integer> counts() {
        Matcher each = COUNT.matcher(new Http(cluster.node(0)).send("GET", "/v3/admin/core/loader/cluster"));
        Map<String, Integer> counts = new TreeMap<>();
        while (each.find()) {
            counts.put(each.group(1), Integer.valueOf(each.group(2)));
        }
        return counts;
    }
}
