package io.registry.server.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.api.ClientStatus;
import io.registry.api.NamingService;
import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.client.RegistryClient;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryProcess;
import io.registry.server.testkit.SharedRegistry;
import io.registry.server.testkit.Unique;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is particular to this client; what all clients do alike is in the contract. */
@ExtendWith(SharedRegistry.class)
class SdkIT {

    private static final Duration SOON = Duration.ofSeconds(5);

    @SuppressWarnings("NullAway.Init")
    private static RegistryProcess server;

    @SuppressWarnings("NullAway.Init")
    private NamingService naming;

    @BeforeAll
    static void takeServer(RegistryProcess shared) {
        server = shared;
    }

    @BeforeEach
    void open() {
        naming = RegistryClient.builder().serverAddr(server.address()).build();
    }

    @AfterEach
    void close() {
        naming.close();
    }

    private static List<String> addresses(List<Instance> instances) {
        return instances.stream().map(Instance::address).sorted().toList();
    }

    @Test
    void twoAddressesOfOneServiceStandBesideEachOther() {
        String service = Unique.name("sdk");

        naming.registerInstance(service, "10.1.1.1", 8080);
        naming.registerInstance(service, "10.1.1.2", 8080);
        assertThat(addresses(naming.getAllInstances(service, false))).containsExactly("10.1.1.1:8080", "10.1.1.2:8080");

        naming.deregisterInstance(service, "10.1.1.1", 8080);
        assertThat(addresses(naming.getAllInstances(service, false))).containsExactly("10.1.1.2:8080");
    }

    @Test
    void servicesOfOneProcessShareConnectionAndKeepTheirInstancesApart() {
        String service = Unique.name("sdk");
        try (NamingService other =
                RegistryClient.builder().serverAddr(server.address()).build()) {
            naming.registerInstance(service, "10.1.1.1", 8080);
            other.registerInstance(service, "10.1.1.2", 8080);
            assertThat(addresses(naming.getAllInstances(service, false)))
                    .containsExactly("10.1.1.1:8080", "10.1.1.2:8080");
        }

        assertThat(addresses(naming.getAllInstances(service, false))).containsExactly("10.1.1.1:8080");
    }

    @Test
    void foundInstanceKnowsItsServiceAndItsId() {
        String service = Unique.name("sdk");
        naming.registerInstance(
                service,
                "g1",
                Instance.builder("10.1.1.1", 80).metadata("k", "v").build());

        Instance found = naming.selectOneHealthyInstance(service, "g1");

        assertThat(found.service()).isEqualTo("g1@@" + service);
        assertThat(found.shownId()).isEqualTo("10.1.1.1#80#DEFAULT#g1@@" + service);
        assertThat(found.metadata()).containsExactly(java.util.Map.entry("k", "v"));
        assertThat(found.heartBeatIntervalMillis()).isEqualTo(5000);
    }

    @Test
    void whatTheServerRefusesIsThrownAndNotWanted() {
        String service = Unique.name("sdk");
        naming.registerInstance(
                service, "g1", Instance.builder("10.1.1.1", 80).ephemeral(false).build());

        assertThatThrownBy(() -> naming.registerInstance(service, "g1", Instance.of("10.1.1.2", 80)))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAMETER));

        ClientStatus status = naming.status();
        assertThat(status.registrations()).isZero();
        assertThat(status.healthy()).isTrue();
    }

    @Test
    void statusTellsWhatIsRegistered() {
        naming.registerInstance(Unique.name("sdk"), "10.1.1.1", 80);
        naming.getAllInstances(Unique.name("sdk"));

        assertThat(naming.status())
                .isEqualTo(new ClientStatus(
                        ClientStatus.State.CONNECTED, server.address(), 1, 1, 1, 1, java.util.Map.of()));
    }

    @Test
    void persistentInstanceOutlivesItsClient() {
        String service = Unique.name("sdk");
        Instance instance = Instance.builder("10.1.1.1", 80).ephemeral(false).build();
        try (NamingService other = RegistryClient.builder()
                .serverAddr(server.address())
                .appName("other")
                .build()) {
            other.registerInstance(service, instance);
        }

        assertThat(addresses(naming.getAllInstances(service, false))).containsExactly("10.1.1.1:80");
        naming.deregisterInstance(service, instance);
        assertThat(naming.getAllInstances(service, false)).isEmpty();
    }

    @Test
    void listenerIsToldTheListAndTheDifference() {
        String service = Unique.name("sdk");
        List<String> told = new CopyOnWriteArrayList<>();
        naming.subscribe(
                service,
                change -> told.add(addresses(change.instances()) + " +" + addresses(change.added()) + " -"
                        + addresses(change.removed()) + " ~" + addresses(change.modified())));
        List<String> expected = List.of(
                "[10.1.1.1:80] +[10.1.1.1:80] -[] ~[]",
                "[10.1.1.1:80] +[] -[] ~[10.1.1.1:80]",
                "[] +[] -[10.1.1.1:80] ~[]");

        naming.registerInstance(service, "10.1.1.1", 80);
        Await.until("first call: " + told, SOON, () -> told.equals(expected.subList(0, 1)));
        naming.registerInstance(
                service, Instance.builder("10.1.1.1", 80).weight(2).build());
        Await.until("second call: " + told, SOON, () -> told.equals(expected.subList(0, 2)));
        naming.deregisterInstance(service, "10.1.1.1", 80);
        Await.until("third call: " + told, SOON, () -> told.equals(expected));
    }

    @Test
    void throwingListenerHarmsNobody() {
        String service = Unique.name("sdk");
        List<String> told = new CopyOnWriteArrayList<>();
        naming.subscribe(service, change -> {
            throw new IllegalStateException("meant to fail");
        });
        naming.subscribe(service, change -> told.addAll(addresses(change.added())));

        naming.registerInstance(service, "10.1.1.1", 80);
        Await.until("told", SOON, () -> told.equals(List.of("10.1.1.1:80")));
        naming.registerInstance(service, "10.1.1.2", 80);
        Await.until("told", SOON, () -> told.equals(List.of("10.1.1.1:80", "10.1.1.2:80")));
    }

    @Test
    void fuzzyWatchTellsWhatIsThereAndWhatComesAndGoes() throws Exception {
        String group = Unique.name("fuzzy");
        naming.registerInstance("there", group, "10.1.1.1", 80);
        List<String> told = new CopyOnWriteArrayList<>();

        var first = naming.fuzzyWatch(
                "*",
                group,
                event ->
                        told.add((event.present() ? "+" : "-") + event.service().name()));
        assertThat(first.get(10, java.util.concurrent.TimeUnit.SECONDS))
                .containsExactly(new ServiceKey("public", group, "there"));
        naming.registerInstance("later", group, "10.1.1.1", 80);
        Await.until("added", SOON, () -> told.equals(List.of("+there", "+later")));
        naming.deregisterInstance("later", group, "10.1.1.1", 80);
        Await.until("removed", SOON, () -> told.equals(List.of("+there", "+later", "-later")));
    }

    @Test
    void servicesAreListed() {
        String group = Unique.name("list");
        Stream.of("a", "b", "c").forEach(name -> naming.registerInstance(name, group, "10.1.1.1", 80));

        assertThat(naming.getServicesOfServer(1, 2, group).count()).isEqualTo(3);
        assertThat(naming.getServicesOfServer(2, 2, group).names()).hasSize(1);
        assertThat(naming.getServerStatus()).isEqualTo("UP");
    }

    @Test
    void malformedArgumentsAreRefusedAtTheDoor() {
        assertThatThrownBy(() -> naming.registerInstance("has blank", "10.1.1.1", 80))
                .hasMessageContaining("serviceName");
        assertThatThrownBy(() -> naming.registerInstance("a", "10.1.1.1", 70_000))
                .hasMessageContaining("port");
        assertThatThrownBy(() -> naming.registerInstance(
                        "a", Instance.builder("10.1.1.1", 80).weight(-1).build()))
                .hasMessageContaining("weights");
        assertThatThrownBy(() -> naming.registerInstance("a", "10.1.1.1", 80, "under_score"))
                .hasMessageContaining("clusterName");
    }
}
