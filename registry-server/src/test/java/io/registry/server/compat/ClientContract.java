package io.registry.server.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.registry.server.compat.driver.Host;
import io.registry.server.compat.driver.Words;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What every client, of whatever version, is promised by a server that stays up (E01, CLI-03). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ClientContract {

    static final Duration SOON = Duration.ofSeconds(15);

    /** A 1.x client's instance is unhealthy after 15 s without a beat, and goes after 30 s. */
    static final Duration EXPIRY = Duration.ofSeconds(45);

    private static final String GROUP = "shop";
    private static final AtomicInteger SERVICES = new AtomicInteger();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final ClientVersion version;
    private NacosClient provider;
    private NacosClient consumer;

    @SuppressWarnings("NullAway.Init")
    ClientContract(ClientVersion version) {
        this.version = version;
    }

    abstract RegistryProcess server();

    @BeforeAll
    void startClients() {
        provider = start();
        consumer = start();
    }

    @AfterAll
    void endClients() {
        provider.close();
        consumer.close();
    }

    @Test
    void clientFindsTheServerUp() {
        Await.until("status UP", SOON, () -> provider.status().equals("UP"));
    }

    @Test
    void registeredInstanceIsFoundWithAllItsAttributes() {
        String service = newService();
        Host host = Host.of("10.1.1.1", 8080)
                .weighing(2.5)
                .inCluster("c1")
                .with(Map.of("zone", "a", "motto", "grüße & 你好 = 100 %"));

        provider.register(GROUP, service, host);

        assertThat(consumer.query(GROUP, service, "")).containsExactly(host.of(GROUP, service));
    }

    @Test
    void deregisteredInstanceIsGone() {
        String service = newService();
        Host host = Host.of("10.1.1.1", 8080);
        provider.register(GROUP, service, host);

        provider.deregister(GROUP, service, host);

        assertThat(consumer.query(GROUP, service, "")).isEmpty();
    }

    @Test
    void registeringAgainUpdatesTheInstance() {
        String service = newService();
        Host host = Host.of("10.1.1.1", 8080).with(Map.of("version", "1"));
        provider.register(GROUP, service, host);
        Host updated = host.weighing(7).with(Map.of("version", "2", "new", "yes"));

        provider.register(GROUP, service, updated);

        assertThat(consumer.query(GROUP, service, "")).containsExactly(updated.of(GROUP, service));
    }

    @Test
    void queryIsFilteredByClusters() {
        String service = newService();
        Host one = Host.of("10.1.1.1", 8080).inCluster("c1");
        Host two = Host.of("10.1.1.2", 8080).inCluster("c2");
        provider.register(GROUP, service, one);
        consumer.register(GROUP, service, two);
        Host seenOne = one.of(GROUP, service);
        Host seenTwo = two.of(GROUP, service);

        assertThat(consumer.query(GROUP, service, "c1")).containsExactly(seenOne);
        assertThat(consumer.query(GROUP, service, "c2")).containsExactly(seenTwo);
        assertThat(consumer.query(GROUP, service, "c1,c2")).containsExactly(seenOne, seenTwo);
        assertThat(consumer.query(GROUP, service, "")).containsExactly(seenOne, seenTwo);
        assertThat(consumer.query(GROUP, service, "c3")).isEmpty();
    }

    @Test
    void queryIsFilteredByHealth() {
        String service = newService();
        Host healthy = Host.of("10.1.1.1", 8080);
        Host unhealthy = Host.of("10.1.1.2", 8080).unhealthy();
        provider.register(GROUP, service, healthy);
        registerOverHttp(service, unhealthy);

        assertThat(consumer.select(GROUP, service, "", true)).containsExactly(healthy.of(GROUP, service));
        assertThat(consumer.select(GROUP, service, "", false)).containsExactly(unhealthy.of(GROUP, service));
        assertThat(consumer.pick(GROUP, service)).isEqualTo(healthy.of(GROUP, service));
    }

    @Test
    void disabledInstanceIsNotShown() {
        String service = newService();
        Host enabled = Host.of("10.1.1.1", 8080);
        provider.register(GROUP, service, enabled);
        consumer.register(GROUP, service, Host.of("10.1.1.2", 8080).disabled());

        assertThat(consumer.query(GROUP, service, "")).containsExactly(enabled.of(GROUP, service));
    }

    @Test
    void namespacesAreApart() {
        String service = newService();
        try (NacosClient elsewhere = NacosClient.start(version, server().address(), "namespace=elsewhere")) {
            elsewhere.register(GROUP, service, Host.of("10.1.1.1", 8080));

            assertThat(consumer.query(GROUP, service, "")).isEmpty();
            assertThat(elsewhere.query(GROUP, service, "")).hasSize(1);
        }
    }

    @Test
    void listenerIsToldOfEveryChange() {
        String service = newService();
        Host host = Host.of("10.1.1.1", 8080);
        consumer.subscribe(GROUP, service, "", service);

        provider.register(GROUP, service, host);
        consumer.awaitList(service, SOON, host.of(GROUP, service));
        provider.register(GROUP, service, host.weighing(3));
        consumer.awaitList(service, SOON, host.weighing(3).of(GROUP, service));
        provider.deregister(GROUP, service, host);
        consumer.awaitList(service, SOON);
    }

    @Test
    void listenerIsCalledNoMoreAfterUnsubscribing() {
        String left = newService();
        String kept = newService();
        consumer.subscribe(GROUP, left, "", left);
        consumer.subscribe(GROUP, kept, "", kept);
        Host host = Host.of("10.1.1.1", 8080);
        provider.register(GROUP, left, host);
        consumer.awaitList(left, SOON, host.of(GROUP, left));

        consumer.unsubscribe(GROUP, left, "", left);
        int calls = consumer.lists(left).size();
        provider.register(GROUP, left, host.weighing(3));
        provider.register(GROUP, kept, host);

        consumer.awaitList(kept, SOON, host.of(GROUP, kept));
        assertThat(consumer.lists(left)).hasSize(calls);
    }

    @Test
    void listenerOfAClusterIsToldOfThatClusterOnly() {
        String service = newService();
        consumer.subscribe(GROUP, service, "c1", service + "-c1");
        consumer.subscribe(GROUP, service, "c2", service + "-c2");
        Host one = Host.of("10.1.1.1", 8080).inCluster("c1");
        Host two = Host.of("10.1.1.2", 8080).inCluster("c2");

        provider.register(GROUP, service, one);
        consumer.register(GROUP, service, two);

        consumer.awaitList(service + "-c1", SOON, one.of(GROUP, service));
        consumer.awaitList(service + "-c2", SOON, two.of(GROUP, service));
        provider.deregister(GROUP, service, one);
        consumer.awaitList(service + "-c1", SOON);
        assertThat(consumer.lists(service + "-c2"))
                .allSatisfy(
                        list -> assertThat(list).allMatch(host -> host.cluster().equals("c2")));
    }

    @Test
    void listenerIsToldOfWhatWasAlreadyThere() {
        String service = newService();
        Host host = Host.of("10.1.1.1", 8080);
        provider.register(GROUP, service, host);

        consumer.subscribe(GROUP, service, "", service);

        consumer.awaitList(service, SOON, host.of(GROUP, service));
    }

    @Test
    void listenerIsToldTheDifferences() {
        assumeTrue(version.tellsDifferences());
        String service = newService();
        Host host = Host.of("10.1.1.1", 8080);
        consumer.subscribeToDifferences(GROUP, service, service);

        provider.register(GROUP, service, host);
        awaitEvents(consumer, service, 1);
        provider.register(GROUP, service, host.weighing(3));
        awaitEvents(consumer, service, 2);
        provider.deregister(GROUP, service, host);
        awaitEvents(consumer, service, 3);

        String before = Words.join(host.of(GROUP, service).toWord());
        String after = Words.join(host.weighing(3).of(GROUP, service).toWord());
        assertThat(consumer.events(service))
                .containsExactly(List.of(before, "", ""), List.of("", after, ""), List.of("", "", after));
    }

    @Test
    void servicesAreListedPageByPage() {
        String group = "list-" + newService();
        for (String service : List.of("a", "b", "c")) {
            provider.register(group, service, Host.of("10.1.1.1", 8080));
        }

        List<String> first = consumer.listServices(group, 1, 2);
        List<String> second = consumer.listServices(group, 2, 2);
        List<String> third = consumer.listServices(group, 3, 2);

        assertThat(List.of(first.get(0), second.get(0), third.get(0))).containsOnly("3");
        assertThat(third).hasSize(1);
        List<String> names = new ArrayList<>(first.subList(1, first.size()));
        names.addAll(second.subList(1, second.size()));
        assertThat(names).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void batchReplacesWhatTheClientPublished() {
        assumeTrue(version.batches());
        String service = newService();
        Host one = Host.of("10.1.1.1", 8080);
        Host two = Host.of("10.1.1.2", 8080).with(Map.of("k", "v"));
        Host three = Host.of("10.1.1.3", 8080).inCluster("c3");

        provider.registerAll(GROUP, service, List.of(one, two, three));
        assertThat(consumer.query(GROUP, service, ""))
                .containsExactly(one.of(GROUP, service), two.of(GROUP, service), three.of(GROUP, service));
        provider.deregisterAll(GROUP, service, List.of(one, three));
        assertThat(consumer.query(GROUP, service, "")).containsExactly(two.of(GROUP, service));
    }

    @Test
    void persistentInstanceOutlivesItsClient() {
        String service = newService();
        Host host = Host.of("10.1.1.1", 8080).persistent();
        try (NacosClient leaving = start()) {
            leaving.register(GROUP, service, host);
            leaving.shutDown();
        }
        // A persistent instance is checked by the server, and this one is not there.
        assertThat(consumer.query(GROUP, service, ""))
                .extracting(Host::address, Host::ephemeral)
                .containsExactly(tuple(host.address(), false));

        provider.deregister(GROUP, service, host);

        assertThat(consumer.query(GROUP, service, "")).isEmpty();
    }

    @Test
    void fuzzyWatchTellsWhatIsThereAndWhatComesAndGoes() {
        assumeTrue(version.fuzzyWatches());
        String group = "fuzzy-" + newService();
        Host host = Host.of("10.1.1.1", 8080);
        provider.register(group, "there", host);

        List<String> keys = consumer.fuzzyWatch(group, "*", group);
        assertThat(keys).hasSize(1).allMatch(key -> key.contains(group) && key.contains("there"));
        provider.register(group, "later", host);
        awaitEvent(consumer, group, List.of("ADD_SERVICE", "public@@" + group + "@@later"));
        provider.deregister(group, "later", host);
        awaitEvent(consumer, group, List.of("DELETE_SERVICE", "public@@" + group + "@@later"));
    }

    @Test
    void twoHundredInstancesOfOneServiceAreFoundAndPushed() {
        String service = newService();
        consumer.subscribe(GROUP, service, "", service);
        List<Host> hosts = IntStream.range(0, 200)
                .mapToObj(i -> Host.of("10.2.0." + i, 8080).with(Map.of("padding", "x".repeat(100))))
                .toList();
        if (version.batches()) {
            provider.registerAll(GROUP, service, hosts);
        } else {
            hosts.forEach(host -> registerOverHttp(service, host));
        }

        Host[] seen = hosts.stream().map(host -> host.of(GROUP, service)).toArray(Host[]::new);
        assertThat(provider.query(GROUP, service, "")).containsExactlyInAnyOrder(seen);
        consumer.awaitList(service, SOON, seen);
    }

    @Test
    void oneClientPublishesFiveHundredServices() {
        String group = "many-" + newService();
        try (NacosClient client = start()) {
            for (int i = 0; i < 500; i++) {
                client.register(group, "s" + i, Host.of("10.1.1.1", 8080));
            }
            assertThat(consumer.listServices(group, 1, 1)).first().isEqualTo("500");
            assertThat(consumer.query(group, "s0", "")).hasSize(1);
            assertThat(consumer.query(group, "s499", "")).hasSize(1);
        }
    }

    @Test
    void instanceOfAKilledClientGoes() {
        String service = newService();
        Host host = Host.of("10.1.1.1", 8080);
        consumer.subscribe(GROUP, service, "", service);
        try (NacosClient dying = start()) {
            dying.register(GROUP, service, host);
            consumer.awaitList(service, SOON, host.of(GROUP, service));

            dying.kill();
        }

        consumer.awaitList(service, version.beats() ? EXPIRY : SOON);
        if (version.beats()) {
            assertThat(consumer.lists(service))
                    .contains(List.of(host.unhealthy().of(GROUP, service)));
        }
    }

    @Test
    void instanceOfAClientThatShutsDownGoes() {
        assumeTrue(!version.beats(), "a 1.x client that shuts down just stops beating");
        String service = newService();
        Host host = Host.of("10.1.1.1", 8080);
        consumer.subscribe(GROUP, service, "", service);
        try (NacosClient leaving = start()) {
            leaving.register(GROUP, service, host);
            consumer.awaitList(service, SOON, host.of(GROUP, service));

            leaving.shutDown();

            consumer.awaitList(service, SOON);
        }
    }

    @Test
    void protectedListenerKeepsTheLastInstances() {
        assumeTrue(!version.beats());
        String service = newService();
        String last = newService();
        Host host = Host.of("10.1.1.1", 8080);
        try (NacosClient careful = NacosClient.start(version, server().address(), "namingPushEmptyProtection=true")) {
            careful.subscribe(GROUP, service, "", service);
            careful.subscribe(GROUP, last, "", last);
            provider.register(GROUP, service, host);
            careful.awaitList(service, SOON, host.of(GROUP, service));

            provider.deregister(GROUP, service, host);
            provider.register(GROUP, last, host);

            careful.awaitList(last, SOON, host.of(GROUP, last));
            careful.awaitList(service, SOON, host.of(GROUP, service));
        }
    }

    private NacosClient start() {
        return NacosClient.start(version, server().address());
    }

    private String newService() {
        return version.name() + "-" + SERVICES.incrementAndGet();
    }

    private void registerOverHttp(String service, Host host) {
        StringBuilder metadata = new StringBuilder();
        host.metadata()
                .forEach((key, value) -> metadata.append(metadata.isEmpty() ? "" : ",")
                        .append(key)
                        .append('=')
                        .append(value));
        URI uri = server().url("/v1/ns/instance?serviceName=%s&groupName=%s&ip=%s&port=%d&healthy=%s&metadata=%s"
                .formatted(service, GROUP, host.ip(), host.port(), host.healthy(), metadata));
        HttpRequest request = HttpRequest.newBuilder(uri)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<String> response =
                HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofString()).join();
        assertThat(response.body()).isEqualTo("ok");
    }

    private static void awaitEvents(NacosClient client, String name, int count) {
        Await.until(
                name + " has " + count + " events",
                SOON,
                () -> client.events(name).size() >= count);
    }

    private static void awaitEvent(NacosClient client, String name, List<String> event) {
        try {
            Await.until(
                    name + " is told " + event, SOON, () -> client.events(name).contains(event));
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + ", was told " + client.events(name), e);
        }
    }
}
