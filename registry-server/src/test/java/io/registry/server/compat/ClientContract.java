package io.registry.server.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.registry.server.compat.driver.Host;
import io.registry.server.compat.driver.Words;
import io.registry.server.testkit.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every client, of whatever version, is promised about naming (E01, CLI-03). */
abstract class ClientContract extends EndingContract {

    ClientContract(ClientVersion version) {
        super(version);
    }

    @Test
    void clientFindsTheServerUp() {
        Await.until("status UP", SOON, () -> provider().status().equals("UP"));
    }

    @Test
    void registeredInstanceIsFoundWithAllItsAttributes() {
        String service = newService();
        Host host = Host.of("10.1.1.1", 8080)
                .weighing(2.5)
                .inCluster("c1")
                .with(Map.of("zone", "a", "motto", "grüße & 你好 = 100 %"));

        provider().register(GROUP, service, host);

        assertThat(consumer().query(GROUP, service, "")).containsExactly(host.of(GROUP, service));
    }

    @Test
    void deregisteredInstanceIsGone() {
        String service = newService();
        Host host = Host.of("10.1.1.1", 8080);
        provider().register(GROUP, service, host);

        provider().deregister(GROUP, service, host);

        assertThat(consumer().query(GROUP, service, "")).isEmpty();
    }

    @Test
    void registeringAgainUpdatesTheInstance() {
        String service = newService();
        Host host = Host.of("10.1.1.1", 8080).with(Map.of("version", "1"));
        provider().register(GROUP, service, host);
        Host updated = host.weighing(7).with(Map.of("version", "2", "new", "yes"));

        provider().register(GROUP, service, updated);

        assertThat(consumer().query(GROUP, service, "")).containsExactly(updated.of(GROUP, service));
    }

    @Test
    void queryIsFilteredByClusters() {
        String service = newService();
        Host one = Host.of("10.1.1.1", 8080).inCluster("c1");
        Host two = Host.of("10.1.1.2", 8080).inCluster("c2");
        provider().register(GROUP, service, one);
        consumer().register(GROUP, service, two);
        Host seenOne = one.of(GROUP, service);
        Host seenTwo = two.of(GROUP, service);

        assertThat(consumer().query(GROUP, service, "c1")).containsExactly(seenOne);
        assertThat(consumer().query(GROUP, service, "c2")).containsExactly(seenTwo);
        assertThat(consumer().query(GROUP, service, "c1,c2")).containsExactly(seenOne, seenTwo);
        assertThat(consumer().query(GROUP, service, "")).containsExactly(seenOne, seenTwo);
        assertThat(consumer().query(GROUP, service, "c3")).isEmpty();
    }

    @Test
    void queryIsFilteredByHealth() {
        String service = newService();
        Host healthy = Host.of("10.1.1.1", 8080);
        Host unhealthy = Host.of("10.1.1.2", 8080).unhealthy();
        provider().register(GROUP, service, healthy);
        registerOverHttp(service, unhealthy);

        assertThat(consumer().select(GROUP, service, "", true)).containsExactly(healthy.of(GROUP, service));
        assertThat(consumer().select(GROUP, service, "", false)).containsExactly(unhealthy.of(GROUP, service));
        assertThat(consumer().pick(GROUP, service)).isEqualTo(healthy.of(GROUP, service));
    }

    @Test
    void queryIsFilteredByHealthAndCluster() {
        String service = newService();
        Host healthy = Host.of("10.1.1.1", 8080).inCluster("c1");
        Host elsewhere = Host.of("10.1.1.2", 8080).inCluster("c2");
        provider().register(GROUP, service, healthy);
        consumer().register(GROUP, service, elsewhere);
        registerOverHttp(service, Host.of("10.1.1.3", 8080).unhealthy());

        assertThat(consumer().select(GROUP, service, "c1", true)).containsExactly(healthy.of(GROUP, service));
        assertThat(consumer().select(GROUP, service, "c1", false)).isEmpty();
        assertThat(consumer().select(GROUP, service, "", true))
                .containsExactly(healthy.of(GROUP, service), elsewhere.of(GROUP, service));
    }

    @Test
    void queryThatFollowsIsAnsweredWithTheNewestList() {
        String service = newService();
        Host healthy = Host.of("10.1.1.1", 8080);
        Host unhealthy = Host.of("10.1.1.2", 8080).unhealthy();
        provider().register(GROUP, service, healthy);
        assertThat(consumer().queryAndFollow(GROUP, service, "")).containsExactly(healthy.of(GROUP, service));

        provider().register(GROUP, service, healthy.weighing(3));
        registerOverHttp(service, unhealthy);

        List<Host> expected = List.of(healthy.weighing(3).of(GROUP, service), unhealthy.of(GROUP, service));
        Await.until(
                "all instances of " + service,
                SOON,
                () -> consumer().queryAndFollow(GROUP, service, "").equals(expected));
        assertThat(consumer().selectAndFollow(GROUP, service, "", true)).containsExactly(expected.get(0));
        assertThat(consumer().selectAndFollow(GROUP, service, "", false)).containsExactly(expected.get(1));
    }

    @Test
    void groupsAreApart() {
        String service = newService();
        Host host = Host.of("10.1.1.1", 8080);
        consumer().subscribe("market", service, "", service);
        provider().register(GROUP, service, host);
        provider().register("market", service, host.weighing(3));

        consumer().awaitList(service, SOON, host.weighing(3).of("market", service));
        assertThat(consumer().query(GROUP, service, "")).containsExactly(host.of(GROUP, service));
        assertThat(consumer().query("market", service, ""))
                .containsExactly(host.weighing(3).of("market", service));
        assertThat(consumer().query("elsewhere", service, "")).isEmpty();
        assertThat(consumer().lists(service))
                .as("nothing of the other group")
                .allSatisfy(list -> assertThat(list).allMatch(each -> each.weight() == 3));
    }

    @Test
    void disabledInstanceIsNotShown() {
        String service = newService();
        Host enabled = Host.of("10.1.1.1", 8080);
        provider().register(GROUP, service, enabled);
        consumer().register(GROUP, service, Host.of("10.1.1.2", 8080).disabled());

        assertThat(consumer().query(GROUP, service, "")).containsExactly(enabled.of(GROUP, service));
    }

    @Test
    void namespacesAreApart() {
        String service = newService();
        try (NacosClient elsewhere = start("namespace=elsewhere")) {
            elsewhere.register(GROUP, service, Host.of("10.1.1.1", 8080));

            assertThat(consumer().query(GROUP, service, "")).isEmpty();
            assertThat(elsewhere.query(GROUP, service, "")).hasSize(1);
        }
    }

    @Test
    void listenerIsToldOfEveryChange() {
        String service = newService();
        Host host = Host.of("10.1.1.1", 8080);
        consumer().subscribe(GROUP, service, "", service);

        provider().register(GROUP, service, host);
        consumer().awaitList(service, SOON, host.of(GROUP, service));
        provider().register(GROUP, service, host.weighing(3));
        consumer().awaitList(service, SOON, host.weighing(3).of(GROUP, service));
        provider().deregister(GROUP, service, host);
        consumer().awaitList(service, SOON);
    }

    @Test
    void listenerIsCalledNoMoreAfterUnsubscribing() {
        String left = newService();
        String kept = newService();
        consumer().subscribe(GROUP, left, "", left);
        consumer().subscribe(GROUP, kept, "", kept);
        Host host = Host.of("10.1.1.1", 8080);
        provider().register(GROUP, left, host);
        consumer().awaitList(left, SOON, host.of(GROUP, left));

        consumer().unsubscribe(GROUP, left, "", left);
        int calls = consumer().lists(left).size();
        provider().register(GROUP, left, host.weighing(3));
        provider().register(GROUP, kept, host);

        consumer().awaitList(kept, SOON, host.of(GROUP, kept));
        assertThat(consumer().lists(left)).hasSize(calls);
    }

    @Test
    void listenerOfAClusterIsToldOfThatClusterOnly() {
        String service = newService();
        consumer().subscribe(GROUP, service, "c1", service + "-c1");
        consumer().subscribe(GROUP, service, "c2", service + "-c2");
        Host one = Host.of("10.1.1.1", 8080).inCluster("c1");
        Host two = Host.of("10.1.1.2", 8080).inCluster("c2");

        provider().register(GROUP, service, one);
        consumer().register(GROUP, service, two);

        consumer().awaitList(service + "-c1", SOON, one.of(GROUP, service));
        consumer().awaitList(service + "-c2", SOON, two.of(GROUP, service));
        provider().deregister(GROUP, service, one);
        consumer().awaitList(service + "-c1", SOON);
        assertThat(consumer().lists(service + "-c2"))
                .allSatisfy(
                        list -> assertThat(list).allMatch(host -> host.cluster().equals("c2")));
    }

    @Test
    void listenerIsToldOfWhatWasAlreadyThere() {
        String service = newService();
        Host host = Host.of("10.1.1.1", 8080);
        provider().register(GROUP, service, host);

        consumer().subscribe(GROUP, service, "", service);

        consumer().awaitList(service, SOON, host.of(GROUP, service));
    }

    @Test
    void listenerIsToldTheDifferences() {
        assumeTrue(version().tellsDifferences());
        String service = newService();
        Host host = Host.of("10.1.1.1", 8080);
        consumer().subscribeToDifferences(GROUP, service, service);

        provider().register(GROUP, service, host);
        awaitEvents(consumer(), service, 1);
        provider().register(GROUP, service, host.weighing(3));
        awaitEvents(consumer(), service, 2);
        provider().deregister(GROUP, service, host);
        awaitEvents(consumer(), service, 3);

        String before = Words.join(host.of(GROUP, service).toWord());
        String after = Words.join(host.weighing(3).of(GROUP, service).toWord());
        assertThat(consumer().events(service))
                .containsExactly(List.of(before, "", ""), List.of("", after, ""), List.of("", "", after));
    }

    @Test
    void servicesAreListedPageByPage() {
        String group = "list-" + newService();
        for (String service : List.of("a", "b", "c")) {
            provider().register(group, service, Host.of("10.1.1.1", 8080));
        }

        List<String> first = consumer().listServices(group, 1, 2);
        List<String> second = consumer().listServices(group, 2, 2);
        List<String> third = consumer().listServices(group, 3, 2);

        assertThat(List.of(first.get(0), second.get(0), third.get(0))).containsOnly("3");
        assertThat(third).hasSize(1);
        List<String> names = new ArrayList<>(first.subList(1, first.size()));
        names.addAll(second.subList(1, second.size()));
        assertThat(names).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void batchReplacesWhatTheClientPublished() {
        assumeTrue(version().batches());
        String service = newService();
        Host one = Host.of("10.1.1.1", 8080);
        Host two = Host.of("10.1.1.2", 8080).with(Map.of("k", "v"));
        Host three = Host.of("10.1.1.3", 8080).inCluster("c3");

        provider().registerAll(GROUP, service, List.of(one, two, three));
        assertThat(consumer().query(GROUP, service, ""))
                .containsExactly(one.of(GROUP, service), two.of(GROUP, service), three.of(GROUP, service));
        provider().deregisterAll(GROUP, service, List.of(one, three));
        assertThat(consumer().query(GROUP, service, "")).containsExactly(two.of(GROUP, service));
    }

    @Test
    void fuzzyWatchTellsWhatIsThereAndWhatComesAndGoes() {
        assumeTrue(version().fuzzyWatches());
        String group = "fuzzy-" + newService();
        Host host = Host.of("10.1.1.1", 8080);
        provider().register(group, "there", host);

        List<String> keys = consumer().fuzzyWatch(group, "*", group);
        assertThat(keys).hasSize(1).allMatch(key -> key.contains(group) && key.contains("there"));
        provider().register(group, "later", host);
        consumer().awaitEvent(group, SOON, List.of("ADD_SERVICE", "public@@" + group + "@@later"));
        provider().deregister(group, "later", host);
        consumer().awaitEvent(group, SOON, List.of("DELETE_SERVICE", "public@@" + group + "@@later"));
    }

    @Test
    void twoHundredInstancesOfOneServiceAreFoundAndPushed() {
        String service = newService();
        consumer().subscribe(GROUP, service, "", service);
        List<Host> hosts = IntStream.range(0, 200)
                .mapToObj(i -> Host.of("10.2.0." + i, 8080).with(Map.of("padding", "x".repeat(100))))
                .toList();
        if (version().batches()) {
            provider().registerAll(GROUP, service, hosts);
        } else if (version().beats()) {
            hosts.forEach(host -> provider().register(GROUP, service, host));
        } else {
            // A connection publishes one instance of a service, and these clients know no batches.
            hosts.forEach(host -> registerOverHttp(service, host));
        }

        Host[] seen = hosts.stream().map(host -> host.of(GROUP, service)).toArray(Host[]::new);
        assertThat(provider().query(GROUP, service, "")).containsExactlyInAnyOrder(seen);
        consumer().awaitList(service, SOON, seen);
    }
}
