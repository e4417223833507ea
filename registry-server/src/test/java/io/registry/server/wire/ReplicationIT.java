package io.registry.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.api.NamingService;
import io.registry.api.model.Departure;
import io.registry.api.model.Instance;
import io.registry.client.RegistryClient;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryCluster;
import io.registry.server.testkit.RegistryProcess;
import io.registry.server.testkit.SdkConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Three real servers that share what ephemeral clients say. Each test leaves all of them running. */
class ReplicationIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int MANY = 12;

    private static RegistryCluster cluster;

    @BeforeAll
    static void start() {
        cluster =
                RegistryCluster.start(3, "--registry.distro.owner-lease=8s", "--registry.override.incarnation-gap=1s");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void eachMemberRecordsWhoHasWrittenAndThroughWhom() {
        Http first = new Http(cluster.node(0));
        for (int i = 0; i < MANY; i++) {
            first.send("POST", "/v1/ns/instance", "serviceName", "recorded", "ip", "10.0.0." + i, "port", 80);
        }
        List<String> records = new ArrayList<>();

        for (RegistryProcess member : cluster.nodes()) {
            Http http = new Http(member);
            String path = "/v3/admin/core/ops/flight";
            Await.until(
                    "all of them are recorded",
                    SOON,
                    () -> http.send("GET", path, "serviceName", "recorded").split("\"kind\":\"came\"").length
                            == MANY + 1);
            records.add(http.send("GET", path, "serviceName", "recorded"));
        }

        // Each address is written by the member that is responsible for it, which knows who has asked, and where.
        assertThat(records).allSatisfy(record -> assertThat(record).contains("\"address\":\"127.0.0.1\""));
        assertThat(records.get(0)).doesNotContain("\"via\"");
        assertThat(records.get(1)).contains("\"via\"");
        assertThat(records.get(2)).contains("\"via\"");
    }

    @Test
    void whatAConnectionRegistersReachesTheSubscribersOfAllMembers() {
        try (NamingService publisher = sdk(0);
                NamingService there = sdk(1);
                NamingService elsewhere = sdk(2)) {
            List<Integer> seenThere = follow(there, "shared");
            List<Integer> seenElsewhere = follow(elsewhere, "shared");

            publisher.registerInstance("shared", "10.0.0.1", 80);
            Await.until("one instance on the second member", SOON, () -> last(seenThere) == 1);
            Await.until("one instance on the third member", SOON, () -> last(seenElsewhere) == 1);
            publisher.deregisterInstance("shared", "10.0.0.1", 80);

            Await.until("none on the second member", SOON, () -> last(seenThere) == 0);
            Await.until("none on the third member", SOON, () -> last(seenElsewhere) == 0);
        }
    }

    @Test
    void whoDoesNotAcknowledgeOnAnotherMemberIsNamed() {
        try (NamingService provider = sdk(0);
                NamingService hears = sdk(2);
                SdkConnection deaf = SdkConnection.register(cluster.node(1).port())) {
            Instance leaving = Instance.of("10.0.0.1", 80);
            provider.registerInstance("parting", leaving);
            Await.until("the instance on the second member", SOON, () -> shown(cluster.node(1), "parting") == 1);
            List<Integer> seen = follow(hears, "parting");
            Await.until("the instance on the third member", SOON, () -> last(seen) == 1);
            deaf.acks(SdkConnection.Acks.NONE);
            deaf.request("SubscribeServiceRequest", """
                    {"headers":{},"namespace":"public","serviceName":"parting","groupName":"DEFAULT_GROUP",\
                    "subscribe":true,"clusters":"","module":"naming"}""");

            Departure departure = provider.deregisterAndAwait("parting", leaving, Duration.ofSeconds(1));

            assertThat(departure.subscribers()).isEqualTo(2);
            assertThat(departure.missing())
                    .singleElement()
                    .asString()
                    .matches(
                            "127\\.0\\.0\\.1:\\d+ unknown at " + cluster.node(1).address());
        }
    }

    @Test
    void connectionsAreCountedOnEveryMemberAndSentToAnother() {
        String both = cluster.node(0).address() + "," + cluster.node(2).address();
        try (NamingService mover =
                RegistryClient.builder().serverAddr(both).appName("mover").build()) {
            mover.registerInstance("moved", "10.0.0.1", 80);
            Await.until(
                    "the client on one of both", SOON, () -> connectionOf("mover", 0) + connectionOf("mover", 2) > 0);
            int from = connectionOf("mover", 0) == 1 ? 0 : 2;
            String id = new Http(cluster.node(from))
                    .send("GET", "/v3/admin/core/loader/current")
                    .replaceAll(".*\"connectionId\":\"([^\"]+)\"[^}]*\"appName\":\"mover\".*", "$1");
            for (RegistryProcess node : cluster.nodes()) {
                assertThat(new Http(node).send("GET", "/v2/core/loader/cluster"))
                        .contains("\"memberCount\":3,\"metricsCount\":3", "\"completed\":true")
                        .containsPattern("\"address\":\"" + cluster.node(from).address()
                                + "\",\"metric\":\\{\"load\":\"[^\"]+\",\"sdkConCount\":\"[1-9]");
            }

            Http http = new Http(cluster.node(from));
            assertThat(http.exchange("POST", "/v3/admin/core/loader/reloadClient", "connectionId", "nobody")
                            .statusCode())
                    .isEqualTo(404);
            assertThat(http.exchange(
                                    "POST",
                                    "/v3/admin/core/loader/reloadClient",
                                    "connectionId",
                                    id,
                                    "redirectAddress",
                                    "nowhere")
                            .statusCode())
                    .isEqualTo(400);
            http.send(
                    "POST",
                    "/v3/admin/core/loader/reloadClient",
                    "connectionId",
                    id,
                    "redirectAddress",
                    cluster.node(2 - from).address());

            Await.until(
                    "the client on the other one",
                    SOON,
                    () -> connectionOf("mover", 2 - from) == 1 && connectionOf("mover", from) == 0);
            assertThat(shown(cluster.node(1), "moved")).isEqualTo(1);
            assertThat(http.send("POST", "/v3/admin/core/loader/smartReloadCluster", "loaderFactor", "1"))
                    .contains("\"data\":\"");
            http.send("POST", "/v3/admin/core/loader/reloadCurrent", "count", 10_000);
        }
    }

    private static int connectionOf(String application, int node) {
        String current = new Http(cluster.node(node)).send("GET", "/v3/admin/core/loader/current");
        return current.split("\"appName\":\"" + application + "\"", -1).length - 1;
    }

    @Test
    void acknowledgedCallsOverHttpShowWhereTheyWereMadeWhoeverIsResponsible() {
        for (int port = 1; port <= 12; port++) {
            RegistryProcess asked = cluster.node(port % 3);
            instance(asked, "POST", port);
            assertThat(shown(asked, "beating")).isEqualTo(port);
        }
        for (RegistryProcess node : cluster.nodes()) {
            Await.until("all instances on " + node.address(), SOON, () -> shown(node, "beating") == 12);
        }
        for (int port = 1; port <= 12; port++) {
            assertThat(beat(cluster.node((port + 1) % 3), port)).contains("\"code\":10200");
        }
        for (int port = 1; port <= 12; port++) {
            RegistryProcess asked = cluster.node((port + 2) % 3);
            instance(asked, "DELETE", port);
            assertThat(shown(asked, "beating")).isLessThanOrEqualTo(12 - port + 1);
            assertThat(beat(cluster.node(port % 3), port))
                    .as("a beat that was under way when its instance was deregistered")
                    .contains("\"code\":10200");
        }
        for (RegistryProcess node : cluster.nodes()) {
            Await.until("no instance on " + node.address(), SOON, () -> shown(node, "beating") == 0);
        }
    }

    @Test
    void whatDiedWithAMemberGoesAfterTheLeaseAndTheMemberComesBackWithWhatLives() {
        try (NamingService lives = sdk(0);
                NamingService watches = sdk(1)) {
            lives.registerInstance("lease", "10.0.0.1", 80);
            List<Integer> seen = follow(watches, "lease");
            try (NamingService dies = sdk(2)) {
                dies.registerInstance("lease", "10.0.0.2", 80);
                Await.until("both instances", SOON, () -> last(seen) == 2);

                cluster.node(2).kill();
                Await.until("one instance is left", SOON, () -> last(seen) == 1);
            }
            // Each member counts the lease from when it heard the dead one last, which differs by a digest's interval.
            Await.until("one on the first member", SOON, () -> shown(cluster.node(0), "lease") == 1);
            assertThat(seen).as("the list of the one that lives all along").doesNotContain(0);

            cluster.node(2).restart();
            assertThat(shown(cluster.node(2), "lease"))
                    .as("a member is ready when it has what the others know")
                    .isEqualTo(1);
        }
    }

    @Test
    void whatAnOperatorSetEndsWithTheInstanceWhicheverMemberHadIt() {
        Http first = new Http(cluster.node(0));
        Http second = new Http(cluster.node(1));
        Object[] instance = {"serviceName", "overridden", "ip", "10.0.0.1", "port", 80};
        first.send("POST", "/v1/ns/instance", instance);
        Await.until(
                "the instance on the second member",
                SOON,
                () -> list(1, "overridden").contains("10.0.0.1"));
        second.send("PUT", "/v1/ns/instance", "serviceName", "overridden", "ip", "10.0.0.1", "port", 80, "weight", 7);
        Await.until(
                "the weight on the first member",
                SOON,
                () -> list(0, "overridden").contains("\"weight\":7.0"));
        Await.until("what was set on the third member", SOON, () -> overrides(2).contains("10.0.0.1"));

        second.send("DELETE", "/v1/ns/instance", instance);

        Await.until(
                "the end of what was set",
                Duration.ofSeconds(40),
                () -> !overrides(2).contains("10.0.0.1"));
        first.send("POST", "/v1/ns/instance", instance);
        assertThat(list(0, "overridden")).contains("\"weight\":1.0");
        first.send("DELETE", "/v1/ns/instance", instance);
    }

    @Test
    void whoDeregistersAndEndsIsHeldNowhereAndWhoIsLostIsHeldEverywhere() {
        List<SdkConnection> leaving = publishers("leaving");
        List<SdkConnection> broken = publishers("broken");

        for (int i = 0; i < MANY; i++) {
            new Naming(leaving.get(i), "public", "DEFAULT_GROUP").deregister("leaving", "127.0.1." + (i + 1), 80);
            leaving.get(i).close();
        }
        broken.forEach(SdkConnection::close);

        for (RegistryProcess node : cluster.nodes()) {
            Http http = new Http(node);
            Await.until("none of those who left on " + node.address(), SOON, () -> shown(node, "leaving") == 0);
            Await.until(
                    "a hold on " + node.address(),
                    SOON,
                    () -> http.send("GET", "/v3/admin/ns/hold/list")
                            .contains("\"serviceName\":\"broken\",\"held\":" + MANY));
            assertThat(shown(node, "broken")).isEqualTo(MANY);
            http.send("DELETE", "/v3/admin/ns/hold", "serviceName", "broken");
            assertThat(shown(node, "broken")).isZero();
        }
    }

    /** Connections to the first member, each with one instance, which all members show when this returns. */
    private static List<SdkConnection> publishers(String service) {
        List<SdkConnection> publishers = new ArrayList<>();
        for (int i = 1; i <= MANY; i++) {
            SdkConnection connection =
                    SdkConnection.openFrom("127.0.1." + i, cluster.node(0).port());
            connection.check();
            connection.setup(SdkConnection.SETUP);
            connection.awaitPush("SetupAckRequest");
            new Naming(connection, "public", "DEFAULT_GROUP").register(service, "127.0.1." + i, 80);
            publishers.add(connection);
        }
        for (RegistryProcess node : cluster.nodes()) {
            Await.until("all on " + node.address(), SOON, () -> shown(node, service) == MANY);
        }
        return publishers;
    }

    private static String overrides(int node) {
        return new Http(cluster.node(node)).send("GET", "/v3/admin/ns/override/list", "serviceName", "overridden");
    }

    private static String list(int node, String service) {
        return new Http(cluster.node(node)).send("GET", "/v1/ns/instance/list", "serviceName", service);
    }

    @Test
    void allMembersNameOneResponsibleNodeForAnAddress() {
        Set<String> named = new TreeSet<>();
        for (int port = 1; port <= 40; port++) {
            String address = "10.0.0.1:" + port;
            List<String> answers = cluster.nodes().stream()
                    .map(node -> responsible(node, address.substring(address.indexOf(':') + 1)))
                    .distinct()
                    .toList();
            assertThat(answers).as("responsible for " + address).hasSize(1);
            named.add(answers.get(0));
        }
        assertThat(named)
                .containsExactlyInAnyOrderElementsOf(cluster.nodes().stream()
                        .map(node -> "{\"responsibleServer\":\"" + node.address() + "\"}")
                        .toList());
    }

    @Test
    void membersCompareWhatTheyHaveAndAKilledOneIsSeenToBeDown() {
        try (NamingService one = sdk(0);
                NamingService two = sdk(1)) {
            one.registerInstance("compared", "10.0.0.1", 80);
            one.registerInstance("compared", "10.0.0.2", 80);
            two.registerInstance("compared", "10.0.0.3", 80);
            for (RegistryProcess node : cluster.nodes()) {
                Await.until("equal on all, seen from " + node.address(), SOON, () -> {
                    String compared = compared(node);
                    return compared.contains("\"instances\":3,\"publishers\":2,\"equal\":true")
                            && compared.split("\"result\":\"equal\"", -1).length == 3;
                });
            }
            String digest = distro(cluster.node(2), "/service", "serviceName", "compared");
            assertThat(digest).contains("\"instances\":3,\"publishers\":2}").doesNotContain("members");
            assertThat(compared(cluster.node(0))).contains(digest.replaceAll(".*(\"digest\":\"\\w+\").*", "$1"));
            for (RegistryProcess node : cluster.nodes()) {
                assertThat(distro(node, "/service/verify", "serviceName", "compared"))
                        .contains("\"equal\":true", "\"differingBuckets\":0", "\"differing\":[]", "\"hidden\":0")
                        .satisfies(found -> assertThat(found.split("\"result\":\"answered\",\"records\":2", -1))
                                .hasSize(4));
                assertThat(repaired(node)).contains("\"differed\":0,\"asked\":[],\"after\":{\"equal\":true");
            }

            String lost = cluster.node(2).address();
            cluster.node(2).kill();
            for (RegistryProcess node : List.of(cluster.node(0), cluster.node(1))) {
                Await.until(
                        "down in the status of " + node.address(),
                        SOON,
                        () -> distro(node, "").contains("\"address\":\"" + lost + "\",\"up\":false"));
                assertThat(distro(node, "")).contains("\"state\":\"", "\"majority\":true", "\"up\":true");
                assertThat(members(node, "UP")).hasSize(2).doesNotContain(lost);
                assertThat(members(node, "DOWN")).containsExactly(lost);
                assertThat(compared(node))
                        .contains("\"equal\":false", "\"result\":\"equal\"")
                        .containsPattern(
                                "\"address\":\"" + lost + "\",\"result\":\"could not be asked\",\"reason\":\"\\w");
                assertThat(distro(node, "/service/verify", "serviceName", "compared"))
                        .contains("\"equal\":false", "\"differingBuckets\":0")
                        .containsPattern(
                                "\"address\":\"" + lost + "\",\"result\":\"could not be asked\",\"reason\":\"\\w");
                Await.until(
                        "down in the figures of " + node.address(),
                        SOON,
                        () -> new Http(node)
                                .send("GET", "/actuator/prometheus")
                                .lines()
                                .anyMatch(line -> line.matches("registry_distro_peer_up\\{.*} 0\\.0")));
            }
            cluster.node(2).restart();
            Await.until("all up", SOON, () -> members(cluster.node(0), "UP").size() == 3);
            Await.until("equal again", SOON, () -> compared(cluster.node(0)).contains("\"equal\":true"));
            Await.until(
                    "record by record, when it is asked again",
                    SOON,
                    () -> repaired(cluster.node(2)).contains("\"after\":{\"equal\":true"));
            assertThat(new Http(cluster.node(2))
                            .send("GET", "/actuator/prometheus")
                            .lines())
                    .as("figures of a member that knew the others when it started")
                    .filteredOn(line -> line.startsWith("registry_distro_"))
                    .map(line -> line.replaceAll("[ {].*", ""))
                    .contains(
                            "registry_distro_records",
                            "registry_distro_orphans",
                            "registry_distro_tombstones",
                            "registry_distro_ready",
                            "registry_distro_divergence_seconds",
                            "registry_distro_drift_seconds",
                            "registry_distro_peer_up",
                            "registry_distro_peer_waiting",
                            "registry_distro_peer_lag_seconds");
        }
    }

    private static String responsible(RegistryProcess node, String port) {
        return new Http(node).send("GET", "/v1/ns/operator/distro/client", "ip", "10.0.0.1", "port", port);
    }

    private static String compared(RegistryProcess node) {
        return distro(node, "/service", "serviceName", "compared", "compare", true);
    }

    private static String repaired(RegistryProcess node) {
        return new Http(node).send("POST", "/v3/admin/core/cluster/distro/service/repair", "serviceName", "compared");
    }

    private static String distro(RegistryProcess node, String path, Object... parameters) {
        return new Http(node).send("GET", "/v3/admin/core/cluster/distro" + path, parameters);
    }

    /** Returns the addresses of the members that a list for scripts shows in a state. */
    private static List<String> members(RegistryProcess node, String state) {
        String list = new Http(node).send("GET", "/v3/admin/core/cluster/node/list", "state", state);
        return cluster.nodes().stream()
                .map(RegistryProcess::address)
                .filter(address -> list.contains("\"address\":\"" + address + "\""))
                .toList();
    }

    private static NamingService sdk(int node) {
        return RegistryClient.builder().serverAddr(cluster.node(node).address()).build();
    }

    private static List<Integer> follow(NamingService naming, String service) {
        List<Integer> sizes = new CopyOnWriteArrayList<>();
        naming.subscribe(service, change -> sizes.add(change.instances().size()));
        return sizes;
    }

    private static int last(List<Integer> sizes) {
        return sizes.isEmpty() ? -1 : sizes.get(sizes.size() - 1);
    }

    private static void instance(RegistryProcess node, String method, int port) {
        String answer = new Http(node)
                .send(method, "/v1/ns/instance", "serviceName", "beating", "ip", "10.0.0.1", "port", port);
        assertThat(answer).isEqualTo("ok");
    }

    private static String beat(RegistryProcess node, int port) {
        return new Http(node)
                .send("PUT", "/v1/ns/instance/beat", "serviceName", "beating", "ip", "10.0.0.1", "port", port);
    }

    private static int shown(RegistryProcess node, String service) {
        String list = new Http(node).send("GET", "/v1/ns/instance/list", "serviceName", service);
        return list.split("\"instanceId\"", -1).length - 1;
    }
}
