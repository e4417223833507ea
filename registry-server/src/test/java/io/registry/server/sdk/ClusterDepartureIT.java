package io.registry.server.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.api.NamingService;
import io.registry.api.model.Departure;
import io.registry.api.model.Instance;
import io.registry.client.RegistryClient;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryCluster;
import io.registry.server.testkit.SdkConnection;
import io.registry.server.testkit.Unique;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Leaving so that nobody calls who has left, where providers and consumers are connected to different members. */
@Tag("long")
class ClusterDepartureIT {

    private static final Duration SOON = Duration.ofSeconds(10);

    private static RegistryCluster cluster;

    @BeforeAll
    static void start() {
        cluster = RegistryCluster.start(3);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static NamingService client(int node, String application) {
        return RegistryClient.builder()
                .serverAddr(cluster.node(node).address())
                .appName(application)
                .build();
    }

    /**
     * Instances are replaced one after the other, by providers on each member, while consumers on each member call without
     * a pause. Whoever leaves waits for what was begun before, and closes its port: no call finds it closed.
     */
    @Test
    void aRollingDeployAcrossMembersFailsNoCall() throws Exception {
        String service = Unique.name("leaving");
        List<Provider> running = new ArrayList<>();
        List<NamingService> providers = new ArrayList<>();
        List<NamingService> consumers = new ArrayList<>();
        try {
            for (int node = 0; node < 3; node++) {
                providers.add(client(node, "provider"));
                consumers.add(client(node, "consumer"));
            }
            for (int i = 0; i < 6; i++) {
                running.add(Provider.start(providers.get(i % 3), service));
            }
            for (NamingService consumer : consumers) {
                Await.until(
                        "all are known",
                        SOON,
                        () -> consumer.getAllInstances(service).size() == 6);
            }
            try (Callers callers = new Callers(consumers, service, 6)) {
                for (int i = 0; i < 24; i++) {
                    NamingService naming = providers.get(i % 3);
                    running.add(Provider.start(naming, service));
                    Provider leaving = running.remove(0);
                    Departure departure = naming.deregisterAndAwait(service, leaving.instance(), SOON);
                    assertThat(departure).isEqualTo(new Departure(true, 3, 0, List.of()));
                    callers.awaitCallsBegunSince();
                    leaving.close();
                }
                assertThat(callers.failures()).isEmpty();
            }
        } finally {
            running.forEach(Provider::close);
            consumers.forEach(NamingService::close);
            providers.forEach(NamingService::close);
        }
    }

    @Test
    void aStalledSubscriberAndAMemberThatIsDownAreNamed() {
        String service = Unique.name("leaving");
        Instance leaving = Instance.of("10.1.1.1", 8080);
        try (NamingService provider = client(0, "provider");
                NamingService consumer = client(2, "consumer");
                SdkConnection deaf = SdkConnection.register(cluster.node(1).port())) {
            provider.registerInstance(service, leaving);
            provider.registerInstance(service, "10.1.1.2", 8080);
            Await.until(
                    "the consumer knows both",
                    SOON,
                    () -> consumer.getAllInstances(service).size() == 2);
            deaf.acks(SdkConnection.Acks.NONE);
            deaf.request(
                    "SubscribeServiceRequest",
                    "{\"headers\":{},\"namespace\":\"public\",\"serviceName\":\"" + service
                            + "\",\"groupName\":\"DEFAULT_GROUP\",\"subscribe\":true,\"clusters\":\"\","
                            + "\"module\":\"naming\"}");

            Departure stalled = provider.deregisterAndAwait(service, leaving, Duration.ofSeconds(1));

            assertThat(consumer.getAllInstances(service)).hasSize(1);
            assertThat(stalled.certain()).isTrue();
            assertThat(stalled.subscribers()).isEqualTo(2);
            assertThat(stalled.missingCount()).isEqualTo(1);
            assertThat(stalled.missing())
                    .singleElement()
                    .asString()
                    .matches(
                            "127\\.0\\.0\\.1:\\d+ unknown at " + cluster.node(1).address());

            cluster.node(1).kill();
            Departure down = provider.deregisterAndAwait(service, Instance.of("10.1.1.2", 8080), Duration.ofSeconds(1));

            assertThat(down.complete()).isFalse();
            assertThat(down.subscribers()).isEqualTo(1);
            assertThat(down.missing())
                    .singleElement()
                    .asString()
                    .startsWith("member " + cluster.node(1).address() + ": ");
        }
        cluster.node(1).restart();
    }
}
