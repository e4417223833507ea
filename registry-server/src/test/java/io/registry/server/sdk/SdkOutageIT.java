package io.registry.server.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.api.ClientStatus;
import io.registry.api.NamingService;
import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.listen.ServiceListener;
import io.registry.api.model.Instance;
import io.registry.client.RegistryClient;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.CutProxy;
import io.registry.server.testkit.RegistryProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the application wants is made good after every outage, without the application doing anything. */
class SdkOutageIT {

    private static final int SERVICES = 1_000;
    private static final int SUBSCRIPTIONS = 200;
    private static final Duration GOOD_AGAIN = Duration.ofSeconds(10);

    /** A silent server is given up after three unanswered signs of life of 3 s each, begun after 5 s at the latest. */
    private static final Duration SILENCE_NOTICED = Duration.ofSeconds(20);

    private static final AtomicInteger NUMBER = new AtomicInteger();

    @SuppressWarnings("NullAway.Init")
    private static RegistryProcess server;

    @BeforeAll
    static void startServer() {
        server = RegistryProcess.start();
    }

    @AfterAll
    static void endServer() {
        server.close();
    }

    private static NamingService client(String address) {
        return RegistryClient.builder()
                .serverAddr(address)
                .appName("outage-" + NUMBER.incrementAndGet())
                .build();
    }

    private static String newService() {
        return "outage-" + NUMBER.incrementAndGet();
    }

    private static List<String> addresses(NamingService naming, String service) {
        return naming.getAllInstances(service, false).stream()
                .map(Instance::address)
                .sorted()
                .toList();
    }

    private static void awaitHealthy(NamingService naming, Duration max) {
        Await.until(
                "all is well: " + naming.status().problems(),
                max,
                () -> naming.status().healthy());
    }

    @Test
    void everythingIsBackAfterAServerWasKilledAndNobodySawItGone() {
        try (NamingService provider = client(server.address());
                NamingService consumer = client(server.address())) {
            String prefix = newService() + "-";
            for (int i = 0; i < SERVICES; i++) {
                provider.registerInstance(prefix + i, "10.1.1.1", 8080);
            }
            AtomicInteger removed = new AtomicInteger();
            List<String> seen = java.util.Collections.synchronizedList(new ArrayList<>());
            for (int i = 0; i < SUBSCRIPTIONS; i++) {
                consumer.subscribe(prefix + i, change -> {
                    removed.addAndGet(change.removed().size());
                    change.added().forEach(instance -> seen.add(instance.service()));
                });
            }
            Await.until("all seen", GOOD_AGAIN, () -> seen.size() == SUBSCRIPTIONS);

            // Killed right away: what came in the last seconds is not on the server's disk.
            server.kill();
            Await.until("noticed", GOOD_AGAIN, () -> !provider.status().healthy());
            server.restart();

            awaitHealthy(provider, GOOD_AGAIN);
            awaitHealthy(consumer, GOOD_AGAIN);
            assertThat(provider.status().registered()).isEqualTo(SERVICES);
            assertThat(consumer.status().subscribed()).isEqualTo(SUBSCRIPTIONS);
            assertThat(addresses(consumer, prefix + (SERVICES - 1))).containsExactly("10.1.1.1:8080");
            assertThat(removed).hasValue(0);

            // And they are followed as before.
            provider.registerInstance(prefix + 7, "10.1.1.2", 8080);
            Await.until("told", GOOD_AGAIN, () -> seen.size() == SUBSCRIPTIONS + 1);
            assertThat(removed).hasValue(0);
        }
    }

    @Test
    void cutConnectionComesBackAndWhatWasTakenBackMeanwhileDoesNot() {
        String kept = newService();
        String given = newService();
        String late = newService();
        try (CutProxy proxy = CutProxy.to(server.port());
                NamingService naming = client(proxy.address());
                NamingService observer = client(server.address())) {
            naming.registerInstance(kept, "10.1.1.1", 80);
            naming.registerInstance(given, "10.1.1.1", 80);

            proxy.cut();
            Await.until("noticed", GOOD_AGAIN, () -> naming.status().state() == ClientStatus.State.SWITCHING);
            naming.deregisterInstance(given, "10.1.1.1", 80);
            assertThatThrownBy(() -> naming.registerInstance(late, "10.1.1.1", 80))
                    .isInstanceOfSatisfying(
                            RegistryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNREACHABLE));
            assertThat(naming.status().registrations()).isEqualTo(2);
            proxy.restore();

            awaitHealthy(naming, GOOD_AGAIN);
            assertThat(addresses(observer, kept)).containsExactly("10.1.1.1:80");
            assertThat(addresses(observer, late)).containsExactly("10.1.1.1:80");
            assertThat(addresses(observer, given)).isEmpty();
        }
    }

    @Test
    void silentServerIsGivenUpAndFoundAgain() {
        String service = newService();
        try (CutProxy proxy = CutProxy.to(server.port());
                NamingService naming = client(proxy.address());
                NamingService observer = client(server.address())) {
            naming.registerInstance(service, "10.1.1.1", 80);

            proxy.silence();
            Await.until("given up", SILENCE_NOTICED, () -> naming.status().state() == ClientStatus.State.SWITCHING);
            proxy.restore();

            awaitHealthy(naming, GOOD_AGAIN);
            assertThat(addresses(observer, service)).containsExactly("10.1.1.1:80");
        }
    }

    @Test
    void serverThatOnlyHearsIsGivenUpAndItsOtherNodeTakenOver() {
        String service = newService();
        try (CutProxy deaf = CutProxy.to(server.port());
                CutProxy good = CutProxy.to(server.port());
                NamingService naming = client(deaf.address() + "," + good.address());
                NamingService observer = client(server.address())) {
            naming.registerInstance(service, "10.1.1.1", 80);
            boolean onDeaf = naming.status().server().equals(deaf.address());
            CutProxy used = onDeaf ? deaf : good;
            CutProxy other = onDeaf ? good : deaf;

            used.silenceServer();
            Await.until("moved", SILENCE_NOTICED, () -> naming.status().server().equals(other.address()));

            awaitHealthy(naming, GOOD_AGAIN);
            assertThat(addresses(observer, service)).containsExactly("10.1.1.1:80");
            assertThat(naming.getServerStatus()).isEqualTo("UP");
        }
    }

    @Test
    void slowNetworkIsNoOutage() {
        String service = newService();
        try (CutProxy proxy = CutProxy.to(server.port());
                NamingService naming = client(proxy.address())) {
            List<ClientStatus.State> states = new ArrayList<>();
            naming.registerInstance(service, "10.1.1.1", 80);
            proxy.delay(Duration.ofMillis(300));

            for (int i = 0; i < 5; i++) {
                naming.registerInstance(service, "10.1.1." + i, 80);
                states.add(naming.status().state());
            }

            assertThat(addresses(naming, service)).hasSize(5);
            assertThat(states).containsOnly(ClientStatus.State.CONNECTED);
        }
    }

    @Test
    void consumerIsToldWhatChangedDuringItsOutageAndNothingElse() {
        String service = newService();
        try (CutProxy proxy = CutProxy.to(server.port());
                NamingService consumer = client(proxy.address());
                NamingService provider = client(server.address())) {
            provider.registerInstance(service, "10.1.1.1", 80);
            provider.registerInstance(service, "10.1.1.2", 80);
            List<String> told = java.util.Collections.synchronizedList(new ArrayList<>());
            ServiceListener listener = change -> {
                change.added().forEach(each -> told.add("+" + each.address()));
                change.removed().forEach(each -> told.add("-" + each.address()));
            };
            consumer.subscribe(service, listener);
            Await.until("first list", GOOD_AGAIN, () -> told.size() == 2);

            proxy.cut();
            Await.until("noticed", GOOD_AGAIN, () -> !consumer.status().healthy());
            provider.deregisterInstance(service, "10.1.1.1", 80);
            provider.registerInstance(service, "10.1.1.3", 80);
            assertThat(consumer.getAllInstances(service)).hasSize(2);
            proxy.restore();

            Await.until("told", GOOD_AGAIN, () -> told.size() == 4);
            assertThat(told.subList(2, 4)).containsExactlyInAnyOrder("+10.1.1.3:80", "-10.1.1.1:80");
        }
    }

    @Test
    void closingWithoutAServerIsQuick() {
        NamingService naming = client("127.0.0.1:1");
        assertThatThrownBy(() -> naming.registerInstance(newService(), "10.1.1.1", 80))
                .isInstanceOf(RegistryException.class);
        Thread closing = new Thread(naming::close);

        closing.start();

        Await.until("closed", Duration.ofSeconds(2), () -> !closing.isAlive());
        assertThatThrownBy(() -> naming.getAllInstances("x")).hasMessageContaining("closed");
    }
}
