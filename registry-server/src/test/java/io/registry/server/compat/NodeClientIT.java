package io.registry.server.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.compat.driver.Host;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The client for Node ({@code nacos} of npm), which beats and polls over HTTP and takes pushes over UDP. */
class NodeClientIT {

    private static final String VERSION = "2.6.3";
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String GROUP = "shop";
    private static final AtomicInteger SERVICES = new AtomicInteger();

    /** Beaten for every 5 s, as the client does; without, unhealthy after 8 s and gone after 12 s. */
    private static final Host HOST = Host.of("10.1.1.1", 8080)
            .with(Map.of("preserved.heart.beat.timeout", "8000", "preserved.ip.delete.timeout", "12000"));

    /** Keeps lists from becoming empty: this client takes no notice of an empty list. */
    private static final Host OTHER = Host.of("10.1.1.2", 8080).with(HOST.metadata());

    @SuppressWarnings("NullAway.Init")
    private static RegistryProcess server;

    @SuppressWarnings("NullAway.Init")
    private static NacosClient provider;

    @SuppressWarnings("NullAway.Init")
    private static NacosClient consumer;

    private final String service = "node-" + SERVICES.incrementAndGet();
    private final Host seen = HOST.of(GROUP, service);

    @BeforeAll
    static void start() {
        server = RegistryProcess.start();
        provider = NacosClient.startNode(VERSION, server.address());
        consumer = NacosClient.startNode(VERSION, server.address());
    }

    @AfterAll
    static void end() {
        provider.close();
        consumer.close();
        server.close();
    }

    @Test
    void clientFindsTheServerUp() {
        assertThat(provider.status()).isEqualTo("UP");
    }

    @Test
    void registeredInstanceIsFoundWithAllItsAttributes() {
        Host host = Host.of("10.1.1.1", 8080)
                .weighing(2.5)
                .inCluster("c1")
                .with(Map.of("zone", "a", "motto", "grüße & 你好 = 100 %"));

        provider.register(GROUP, service, host);

        assertThat(consumer.query(GROUP, service, "")).containsExactly(host.of(GROUP, service));
    }

    @Test
    void deregisteredInstanceIsGone() {
        provider.register(GROUP, service, HOST);
        provider.register(GROUP, service, OTHER);
        assertThat(consumer.query(GROUP, service, "")).containsExactly(seen, OTHER.of(GROUP, service));

        provider.deregister(GROUP, service, HOST);

        assertThat(consumer.query(GROUP, service, "")).containsExactly(OTHER.of(GROUP, service));
    }

    @Test
    void queryIsFilteredByClustersAndGroups() {
        Host other = OTHER.inCluster("c2");
        provider.register(GROUP, service, HOST);
        provider.register(GROUP, service, other);
        provider.register("market", service, HOST.weighing(3));

        assertThat(consumer.query(GROUP, service, "c2")).containsExactly(other.of(GROUP, service));
        assertThat(consumer.query(GROUP, service, "")).containsExactly(seen, other.of(GROUP, service));
        assertThat(consumer.query("market", service, ""))
                .containsExactly(HOST.weighing(3).of("market", service));
    }

    @Test
    void listenerIsToldOfEveryChangeUntilItIsTakenAway() {
        consumer.subscribe(GROUP, service, "", service);

        provider.register(GROUP, service, HOST);
        consumer.awaitList(service, SOON, seen);
        provider.register(GROUP, service, HOST.weighing(3));
        consumer.awaitList(service, SOON, HOST.weighing(3).of(GROUP, service));
        provider.register(GROUP, service, OTHER);
        provider.deregister(GROUP, service, HOST);
        consumer.awaitList(service, SOON, OTHER.of(GROUP, service));

        consumer.unsubscribe(GROUP, service, "", service);
        int calls = consumer.lists(service).size();
        provider.register(GROUP, service, HOST);
        Await.until(
                "the client knows both",
                SOON,
                () -> consumer.queryAndFollow(GROUP, service, "").equals(List.of(seen, OTHER.of(GROUP, service))));
        assertThat(consumer.lists(service)).hasSize(calls);
    }

    @Test
    void instanceStaysWhileItIsBeatenForAndGoesWithItsProcess() {
        try (NacosClient dying = NacosClient.startNode(VERSION, server.address())) {
            dying.register(GROUP, service, HOST);
            provider.register(GROUP, service, OTHER);
            assertThat(consumer.query(GROUP, service, "")).hasSize(2);

            dying.kill();
        }

        List<Host> silent = List.of(HOST.unhealthy().of(GROUP, service));
        List<Host> beaten = List.of(OTHER.of(GROUP, service));
        Await.until(
                "unhealthy",
                SOON,
                () -> consumer.select(GROUP, service, "", false).equals(silent));
        Await.until("gone", SOON, () -> consumer.query(GROUP, service, "").equals(beaten));
        assertThat(consumer.select(GROUP, service, "", true)).isEqualTo(beaten);
    }
}
