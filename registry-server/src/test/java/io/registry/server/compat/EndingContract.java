package io.registry.server.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.registry.server.compat.driver.Host;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.CutProxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What every client, of whatever version, is promised when connections break, and clients end (E01). */
abstract class EndingContract extends VersionedClients {

    /**
     * The longest that the tests wait for what a silent client published: a 1.x client's instance is unhealthy after
     * 15 s without a beat and goes after 30 s; a silent connection is given up after 20 s, and a probe.
     */
    private static final Duration SILENCE = Duration.ofSeconds(60);

    /** Clients wait longer from one attempt to the next, and then up to 3 s until they repeat what they published. */
    private static final Duration RECONNECTED = Duration.ofSeconds(45);

    EndingContract(ClientVersion version) {
        super(version);
    }

    @Test
    void instanceOfAKilledClientGoes() {
        String service = newService();
        Host host = shortLived();
        consumer().subscribe(GROUP, service, "", service);
        try (NacosClient dying = start()) {
            dying.register(GROUP, service, host);
            consumer().awaitList(service, SOON, host.of(GROUP, service));

            dying.kill();
        }

        consumer().awaitList(service, SOON);
        if (version().beats()) {
            assertThat(consumer().lists(service))
                    .contains(List.of(host.unhealthy().of(GROUP, service)));
        }
    }

    @Test
    @Tag("long")
    void instanceThatIsNotBeatenForIsUnhealthyAndThenGoes() {
        assumeTrue(version().beats());
        String service = newService();
        Host host = Host.of("10.1.1.1", 8080);
        consumer().subscribe(GROUP, service, "", service);
        try (NacosClient dying = start()) {
            dying.register(GROUP, service, host);
            consumer().awaitList(service, SOON, host.of(GROUP, service));

            dying.kill();
        }

        consumer().awaitList(service, SILENCE, host.unhealthy().of(GROUP, service));
        consumer().awaitList(service, SILENCE);
    }

    @Test
    void instanceOfAClientThatShutsDownGoes() {
        assumeTrue(!version().beats(), "a 1.x client that shuts down just stops beating");
        String service = newService();
        Host host = Host.of("10.1.1.1", 8080);
        consumer().subscribe(GROUP, service, "", service);
        try (NacosClient leaving = start()) {
            leaving.register(GROUP, service, host);
            consumer().awaitList(service, SOON, host.of(GROUP, service));

            leaving.shutDown();

            consumer().awaitList(service, SOON);
        }
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
        assertThat(consumer().query(GROUP, service, ""))
                .extracting(Host::address, Host::ephemeral)
                .containsExactly(tuple(host.address(), false));

        provider().deregister(GROUP, service, host);

        assertThat(consumer().query(GROUP, service, "")).isEmpty();
    }

    @Test
    void protectedListenerKeepsTheLastInstances() {
        assumeTrue(!version().beats());
        String service = newService();
        String last = newService();
        Host host = Host.of("10.1.1.1", 8080);
        try (NacosClient careful = start("namingPushEmptyProtection=true")) {
            careful.subscribe(GROUP, service, "", service);
            careful.subscribe(GROUP, last, "", last);
            // A loss, not a goodbye: our own client believes a goodbye.
            try (NacosClient dying = start()) {
                dying.register(GROUP, service, host);
                careful.awaitList(service, SOON, host.of(GROUP, service));
                consumer().subscribe(GROUP, service, "", service);
                consumer().awaitList(service, SOON, host.of(GROUP, service));
                dying.kill();
            }
            consumer().awaitList(service, SOON);
            provider().register(GROUP, last, host);

            careful.awaitList(last, SOON, host.of(GROUP, last));
            careful.awaitList(service, SOON, host.of(GROUP, service));
        }
    }

    @Test
    void cutProviderGoesAndIsBackOnceItCan() {
        String service = newService();
        String batch = newService();
        Host host = shortLived();
        Host other = Host.of("10.1.1.2", 8080);
        consumer().subscribe(GROUP, service, "", service);
        consumer().subscribe(GROUP, batch, "", batch);
        try (CutProxy network = CutProxy.to(server().port());
                NacosClient cut = NacosClient.start(version(), network.address())) {
            cut.register(GROUP, service, host);
            consumer().awaitList(service, SOON, host.of(GROUP, service));
            if (version().batches()) {
                cut.registerAll(GROUP, batch, List.of(host, other));
                consumer().awaitList(batch, SOON, host.of(GROUP, batch), other.of(GROUP, batch));
            }

            network.cut();
            consumer().awaitList(service, SOON);
            network.restore();

            consumer().awaitList(service, RECONNECTED, host.of(GROUP, service));
            if (version().batches()) {
                consumer().awaitList(batch, RECONNECTED, host.of(GROUP, batch), other.of(GROUP, batch));
            }
        }
    }

    @Test
    void cutConsumerIsToldWhatItMissed() {
        String service = newService();
        String group = "fuzzy-" + service;
        Host host = Host.of("10.1.1.1", 8080);
        provider().register(GROUP, service, host);
        try (CutProxy network = CutProxy.to(server().port());
                NacosClient cut = NacosClient.start(version(), network.address())) {
            cut.subscribe(GROUP, service, "", service);
            cut.awaitList(service, SOON, host.of(GROUP, service));
            if (version().fuzzyWatches()) {
                cut.fuzzyWatch(group, "*", group);
            }

            network.cut();
            provider().register(GROUP, service, host.weighing(3));
            provider().register(group, "missed", host);
            network.restore();

            cut.awaitList(service, RECONNECTED, host.weighing(3).of(GROUP, service));
            if (version().fuzzyWatches()) {
                cut.awaitEvent(group, RECONNECTED, List.of("ADD_SERVICE", "public@@" + group + "@@missed"));
            }
            provider().register(GROUP, service, host.weighing(4));
            cut.awaitList(service, RECONNECTED, host.weighing(4).of(GROUP, service));
            assertThat(cut.lists(service)).doesNotContain(List.of());
        }
    }

    @Test
    void cutConsumerIsToldThatTheLastInstanceLeft() {
        String service = newService();
        Host host = Host.of("10.1.1.1", 8080);
        provider().register(GROUP, service, host);
        try (CutProxy network = CutProxy.to(server().port());
                NacosClient cut = NacosClient.start(version(), network.address())) {
            cut.subscribe(GROUP, service, "", service);
            cut.awaitList(service, SOON, host.of(GROUP, service));

            network.cut();
            provider().deregister(GROUP, service, host);
            network.restore();

            cut.awaitList(service, RECONNECTED);
        }
    }

    @Test
    @Tag("long")
    void silentProviderGoesAndIsBackOnceItCan() {
        String service = newService();
        Host host = Host.of("10.1.1.1", 8080);
        consumer().subscribe(GROUP, service, "", service);
        try (CutProxy network = CutProxy.to(server().port());
                NacosClient silent = NacosClient.start(version(), network.address())) {
            silent.register(GROUP, service, host);
            consumer().awaitList(service, SOON, host.of(GROUP, service));

            network.silence();
            consumer().awaitList(service, SILENCE);
            network.restore();

            consumer().awaitList(service, RECONNECTED, host.of(GROUP, service));
        }
    }

    @Test
    void oneClientPublishesFiveHundredServicesAndDoesSoAgainAfterACut() {
        String group = "many-" + newService();
        Host host = Host.of("10.1.1.1", 8080);
        try (CutProxy network = CutProxy.to(server().port());
                NacosClient client = NacosClient.start(version(), network.address())) {
            for (int i = 0; i < 500; i++) {
                client.register(group, "s" + i, host);
            }
            assertThat(consumer().listServices(group, 1, 1)).first().isEqualTo("500");
            assertThat(consumer().query(group, "s0", "")).containsExactly(host.of(group, "s0"));
            assertThat(consumer().query(group, "s499", "")).containsExactly(host.of(group, "s499"));
            if (version().beats()) {
                // A 1.x client has no connection whose end takes its instances away.
                return;
            }

            network.cut();
            Await.until(
                    "the client's instances are gone",
                    SOON,
                    () -> consumer().query(group, "s499", "").isEmpty());
            network.restore();

            for (int i = 0; i < 500; i++) {
                String service = "s" + i;
                Await.until(
                        service + " is back",
                        RECONNECTED,
                        () -> consumer().query(group, service, "").equals(List.of(host.of(group, service))));
            }
        }
    }

    /** An instance that a 1.x client beats for every second, and which expires soon without. */
    private Host shortLived() {
        Host host = Host.of("10.1.1.1", 8080);
        return version().beats()
                ? host.with(Map.of(
                        "preserved.heart.beat.interval", "1000",
                        "preserved.heart.beat.timeout", "4000",
                        "preserved.ip.delete.timeout", "8000"))
                : host;
    }
}
