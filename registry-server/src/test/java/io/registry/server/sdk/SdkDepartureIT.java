package io.registry.server.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.api.NamingService;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Departure;
import io.registry.api.model.Instance;
import io.registry.client.RegistryClient;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryProcess;
import io.registry.server.testkit.SdkConnection;
import io.registry.server.testkit.SharedRegistry;
import io.registry.server.testkit.Unique;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Leaving so that nobody calls who has left. */
@ExtendWith(SharedRegistry.class)
class SdkDepartureIT {

    private static final Duration SOON = Duration.ofSeconds(10);

    @SuppressWarnings("NullAway.Init")
    private static RegistryProcess server;

    @BeforeAll
    static void takeServer(RegistryProcess shared) {
        server = shared;
    }

    /** A client of a process of its own as far as the server can see: what differs in an option is not shared. */
    private static NamingService client(String application) {
        return RegistryClient.builder()
                .serverAddr(server.address())
                .appName(application)
                .build();
    }

    @Test
    void whoFollowsKnowsWhenTheCallReturns() {
        String service = Unique.name("leaving");
        Instance leaving = Instance.of("10.1.1.1", 8080);
        try (NamingService provider = client("provider");
                NamingService consumer = client("consumer")) {
            provider.registerInstance(service, leaving);
            provider.registerInstance(service, "10.1.1.2", 8080);
            assertThat(consumer.getAllInstances(service)).hasSize(2);

            for (int i = 0; i < 50; i++) {
                Departure departure = provider.deregisterAndAwait(service, leaving, SOON);
                // No waiting here: this is what the call is for.
                assertThat(consumer.getAllInstances(service))
                        .extracting(Instance::address)
                        .containsExactly("10.1.1.2:8080");
                assertThat(departure.complete()).isTrue();
                assertThat(departure.subscribers()).isEqualTo(1);
                provider.registerInstance(service, leaving);
                Await.until(
                        "both again",
                        SOON,
                        () -> consumer.getAllInstances(service).size() == 2);
            }
        }
    }

    @Test
    void whoDoesNotAcknowledgeIsNamed() {
        String service = Unique.name("leaving");
        Instance leaving = Instance.of("10.1.1.1", 8080);
        try (NamingService provider = client("provider");
                SdkConnection deaf = SdkConnection.register(server.port())) {
            provider.registerInstance(service, leaving);
            deaf.acks(SdkConnection.Acks.NONE);
            deaf.request(
                    "SubscribeServiceRequest",
                    "{\"headers\":{},\"namespace\":\"public\",\"serviceName\":\"" + service
                            + "\",\"groupName\":\"DEFAULT_GROUP\",\"subscribe\":true,\"clusters\":\"\","
                            + "\"module\":\"naming\"}");

            Departure departure = provider.deregisterAndAwait(service, leaving, Duration.ofMillis(500));

            assertThat(departure.certain()).isTrue();
            assertThat(departure.complete()).isFalse();
            assertThat(departure.missingCount()).isEqualTo(1);
            assertThat(departure.missing()).singleElement().asString().startsWith("127.0.0.1:");
        }
    }

    @Test
    void withoutSubscribersTheCallReturnsAtOnce() {
        String service = Unique.name("leaving");
        try (NamingService provider = client("provider")) {
            provider.registerInstance(service, "10.1.1.1", 8080);

            assertThat(provider.deregisterAndAwait(service, Instance.of("10.1.1.1", 8080), SOON))
                    .isEqualTo(new Departure(true, 0, 0, List.of()));
        }
    }

    @Test
    void overHttpTheTimeIsWaitedAndNothingClaimed() {
        String service = Unique.name("leaving");
        try (NamingService provider = RegistryClient.builder()
                .serverAddr(server.address())
                .transport(io.registry.client.Transport.HTTP)
                .build()) {
            provider.registerInstance(service, "10.1.1.1", 8080);

            assertThat(provider.deregisterAndAwait(service, Instance.of("10.1.1.1", 8080), Duration.ofMillis(200)))
                    .isEqualTo(Departure.UNCERTAIN);
            assertThat(provider.getAllInstances(service, false)).isEmpty();
        }
    }

    @Test
    void aTimeBeyondAMinuteIsRefusedAndNothingDeregistered() {
        String service = Unique.name("leaving");
        Instance staying = Instance.of("10.1.1.1", 8080);
        try (NamingService provider = client("provider")) {
            provider.registerInstance(service, staying);

            assertThatThrownBy(() -> provider.deregisterAndAwait(service, staying, Duration.ofSeconds(61)))
                    .isInstanceOf(RegistryException.class)
                    .hasMessageContaining("timeout: PT1M1S (expected: 0 s to 60 s)");
            assertThat(provider.getAllInstances(service, false)).hasSize(1);
        }
    }

    /**
     * Twenty instances are replaced one after the other while others call without a pause. Whoever leaves says goodbye,
     * waits for what was begun before, and closes its port: no call finds it closed.
     */
    @Test
    void aRollingDeployFailsNoCall() throws Exception {
        String service = Unique.name("leaving");
        List<Provider> running = new ArrayList<>();
        try (NamingService providers = client("provider");
                NamingService consumer = client("consumer")) {
            for (int i = 0; i < 20; i++) {
                running.add(Provider.start(providers, service));
            }
            Await.until(
                    "all are known",
                    SOON,
                    () -> consumer.getAllInstances(service).size() == 20);
            try (Callers callers = new Callers(List.of(consumer), service, 4)) {
                for (int i = 0; i < 20; i++) {
                    running.add(Provider.start(providers, service));
                    Provider leaving = running.remove(0);
                    Departure departure = providers.deregisterAndAwait(service, leaving.instance(), SOON);
                    assertThat(departure.complete())
                            .as("departure %s", departure)
                            .isTrue();
                    callers.awaitCallsBegunSince();
                    leaving.close();
                }
                assertThat(callers.failures()).isEmpty();
            }
        } finally {
            running.forEach(Provider::close);
        }
    }
}
