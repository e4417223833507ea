package io.registry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.api.ClientStatus.State;
import io.registry.api.NamingService;
import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.client.stub.Await;
import io.registry.client.stub.StubServer;
import io.registry.proto.codec.Answers;
import io.registry.proto.codec.Pushes;
import io.registry.proto.envelope.Envelope;
import io.registry.proto.payload.PayloadError;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the client takes what servers do that ours does not do, or not on demand. */
class ScriptedServerTest {

    private static final ServiceKey SERVICE = new ServiceKey("public", "DEFAULT_GROUP", "s");
    private static final Instance ONE = Instance.of("10.0.0.1", 80);
    private static final Instance TWO = Instance.of("10.0.0.2", 80);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private StubServer server;

    @SuppressWarnings("NullAway.Init")
    private NamingService naming;

    @BeforeEach
    void start() {
        server = StubServer.start();
        naming = client(server.address()).build();
    }

    @AfterEach
    void end() {
        naming.close();
        server.close();
    }

    private RegistryClient client(String address) {
        return RegistryClient.builder()
                .serverAddr(address)
                .grpcPortOffset(0)
                .redoInterval(Duration.ofMillis(200))
                .requestTimeout(Duration.ofSeconds(2))
                .cacheDirectory(directory);
    }

    private static List<String> addresses(List<Instance> instances) {
        return instances.stream().map(Instance::address).toList();
    }

    private static boolean isFor(Envelope request, String type, String part) {
        return request.type().equals(type) && StubServer.body(request).contains(part);
    }

    @Test
    void serverThatDoesNotNegotiateIsTakenToo() {
        server.withoutNegotiation();

        naming.registerInstance("s", ONE.ip(), 80);

        assertThat(naming.status().state()).isEqualTo(State.CONNECTED);
        assertThat(server.requests("InstanceRequest")).hasSize(1);
    }

    @Test
    void firstRefusalIsThrownAndNotRepeated() {
        server.answer(request -> isFor(request, "InstanceRequest", "10.0.0.2")
                ? Answers.refusal("InstanceResponse", PayloadError.INVALID_PARAMETER, "bad weather")
                : null);
        naming.registerInstance("s", ONE.ip(), 80);

        assertThatThrownBy(() -> naming.registerInstance("other", TWO.ip(), 80))
                .isInstanceOfSatisfying(RegistryException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAMETER);
                    assertThat(e).hasMessageContaining("bad weather");
                });

        server.endStreams();
        Await.until("redone", () -> server.requests("InstanceRequest").size() == 3);
        assertThat(StubServer.body(server.requests("InstanceRequest").get(2))).contains(ONE.ip());
        assertThat(naming.status().registrations()).isEqualTo(1);
        assertThat(naming.status().refused()).isEmpty();
    }

    @Test
    void oneBadInstanceDoesNotSpoilTheOthersOfItsService() {
        server.answer(request -> isFor(request, "BatchInstanceRequest", "10.0.0.2")
                ? Answers.refusal("BatchInstanceResponse", PayloadError.INVALID_PARAMETER, "bad weather")
                : null);
        naming.registerInstance("s", ONE.ip(), 80);

        assertThatThrownBy(() -> naming.registerInstance("s", TWO.ip(), 80)).hasMessageContaining("bad weather");

        assertThat(naming.status().healthy()).isTrue();
        server.endStreams();
        Await.until("redone", () -> server.requests("InstanceRequest").size() == 2);
        assertThat(naming.status().registrations()).isEqualTo(1);
    }

    @Test
    void refusedRepetitionShowsInTheStatusAndIsNotMadeAgain() {
        AtomicBoolean refusing = new AtomicBoolean();
        AtomicInteger faults = new AtomicInteger(3);
        server.answer(request -> {
            if (refusing.get() && request.type().equals("InstanceRequest")) {
                return Answers.refusal("InstanceResponse", PayloadError.NO_RIGHT, "no right");
            }
            return request.type().equals("SubscribeServiceRequest") && faults.getAndDecrement() > 0
                    ? Answers.failure(PayloadError.SERVER_ERROR, "ill")
                    : null;
        });
        naming.registerInstance("s", ONE.ip(), 80);

        refusing.set(true);
        server.endStreams();
        Await.until("shown", () -> !naming.status().refused().isEmpty());
        assertThat(naming.status().healthy()).isFalse();
        assertThat(naming.status().refused()).isEqualTo(Map.of("registration DEFAULT_GROUP@@s", "no right"));

        // Meanwhile something else is repeated until it works.
        assertThatThrownBy(() -> naming.getAllInstances("x")).hasMessageContaining("ill");
        Await.until("repeated", () -> server.requests("SubscribeServiceRequest").size() == 4);
        assertThat(server.requests("InstanceRequest")).hasSize(2);
    }

    @Test
    void refusedRepetitionSucceedsOnTheNextConnection() {
        AtomicBoolean refusing = new AtomicBoolean();
        server.answer(request -> refusing.get() && request.type().equals("InstanceRequest")
                ? Answers.refusal("InstanceResponse", PayloadError.NO_RIGHT, "no right")
                : null);
        naming.registerInstance("s", ONE.ip(), 80);
        refusing.set(true);
        server.endStreams();
        Await.until("shown", () -> !naming.status().refused().isEmpty());

        refusing.set(false);
        server.endStreams();

        Await.until("registered", () -> naming.status().healthy());
        assertThat(naming.status().refused()).isEmpty();
    }

    @Test
    void serverFaultIsThrownAndRepeated() {
        AtomicInteger faults = new AtomicInteger(3);
        server.answer(request -> request.type().equals("InstanceRequest") && faults.getAndDecrement() > 0
                ? Answers.failure(PayloadError.SERVER_ERROR, "ill")
                : null);

        assertThatThrownBy(() -> naming.registerInstance("s", ONE.ip(), 80))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL));

        Await.until("registered", () -> naming.status().registered() == 1);
        assertThat(server.requests("InstanceRequest")).hasSize(4);
    }

    @Test
    void unknownConnectionIsReplacedAndTheRegistrationIsMade() {
        AtomicBoolean once = new AtomicBoolean(true);
        server.answer(request ->
                request.type().equals("InstanceRequest") && once.getAndSet(false) ? Answers.unregistered() : null);

        naming.registerInstance("s", ONE.ip(), 80);

        assertThat(naming.status().healthy()).isTrue();
        assertThat(server.received("ConnectionSetupRequest")).hasSize(2);
    }

    @Test
    void serverThatStartsIsPassedOver() {
        try (StubServer starting = StubServer.start()) {
            starting.answer(request -> Answers.error(PayloadError.NOT_READY, "starting"));
            for (int i = 0; i < 4; i++) {
                try (NamingService both = client(starting.address() + "," + server.address())
                        .appName("both-" + i)
                        .build()) {
                    both.registerInstance("s", ONE.ip(), 80);
                    assertThat(both.status().server()).isEqualTo(server.address());
                }
            }
        }
    }

    @Test
    void clientThatIsSentAwayMovesAndRegistersThere() {
        try (StubServer one = StubServer.start();
                StubServer other = StubServer.start();
                NamingService both =
                        client(one.address() + "," + other.address()).build()) {
            both.registerInstance("s", ONE.ip(), 80);
            StubServer first = one.requests("InstanceRequest").isEmpty() ? other : one;
            StubServer second = first == one ? other : one;

            first.push(new Pushes("", "node", 1).connectReset("42"));

            Await.until(
                    "registered there", () -> second.requests("InstanceRequest").size() == 1);
            Await.until(
                    "acknowledged", () -> first.received("ConnectResetResponse").size() == 1);
            assertThat(StubServer.body(first.received("ConnectResetResponse").get(0)))
                    .contains("\"requestId\":\"42\"");
            Await.until("old one left", () -> first.streams() == 0);
        }
    }

    @Test
    void pushIsTakenAndAcknowledgedAndAnOlderOneIsNot() {
        server.answer(request ->
                request.type().equals("SubscribeServiceRequest") ? StubServer.subscribed(SERVICE, 100, ONE) : null);
        assertThat(addresses(naming.getAllInstances("s"))).containsExactly(ONE.address());

        server.push(StubServer.service("1", SERVICE, 90, TWO));
        server.push(StubServer.service("2", SERVICE, 110, ONE, TWO));
        server.push(StubServer.service("3", SERVICE, 105));
        Await.until(
                "acknowledged",
                () -> server.received("NotifySubscriberResponse").size() == 3);

        assertThat(addresses(naming.getAllInstances("s"))).containsExactly(ONE.address(), TWO.address());
        assertThat(server.requests("SubscribeServiceRequest")).hasSize(1);
    }

    @Test
    void firstAnswerOfAnotherConnectionCountsWhateverItsAge() {
        AtomicBoolean later = new AtomicBoolean();
        server.answer(request -> request.type().equals("SubscribeServiceRequest")
                ? StubServer.subscribed(SERVICE, later.get() ? 50 : 100, later.get() ? TWO : ONE)
                : null);
        assertThat(addresses(naming.getAllInstances("s"))).containsExactly(ONE.address());

        later.set(true);
        server.endStreams();

        Await.until("taken", () -> addresses(naming.getAllInstances("s")).equals(List.of(TWO.address())));
    }

    @Test
    void protectedClientDoesNotBelieveAnEmptyList() {
        server.answer(request ->
                request.type().equals("SubscribeServiceRequest") ? StubServer.subscribed(SERVICE, 100, ONE) : null);
        try (NamingService guarded =
                client(server.address()).pushEmptyProtection(true).build()) {
            guarded.getAllInstances("s");
            naming.getAllInstances("s");

            server.push(StubServer.service("1", SERVICE, 110));
            Await.until(
                    "acknowledged",
                    () -> server.received("NotifySubscriberResponse").size() == 2);

            assertThat(addresses(guarded.getAllInstances("s"))).containsExactly(ONE.address());
            assertThat(naming.getAllInstances("s")).isEmpty();
        }
    }

    @Test
    void detectionIsAnswered() {
        naming.registerInstance("s", ONE.ip(), 80);

        server.push(new Pushes("", "node", 1).clientDetection("7"));

        Await.until("answered", () -> server.received("ClientDetectionResponse").size() == 1);
        assertThat(StubServer.body(server.received("ClientDetectionResponse").get(0)))
                .contains("\"requestId\":\"7\"", "\"resultCode\":200");
    }

    @Test
    void nextRunBeginsWithWhatTheLastOneKnew() {
        server.answer(request -> request.type().equals("SubscribeServiceRequest")
                ? StubServer.subscribed(SERVICE, 100, ONE, TWO)
                : null);
        naming.getAllInstances("s");
        naming.close();

        try (NamingService next = client("127.0.0.1:1")
                .requestTimeout(Duration.ofMillis(300))
                .loadCacheAtStart(true)
                .build()) {
            assertThat(addresses(next.getAllInstances("s"))).containsExactly(ONE.address(), TWO.address());
            assertThat(next.selectOneHealthyInstance("s").ip()).startsWith("10.0.0.");
            assertThat(next.status().state()).isEqualTo(State.STARTING);
        }
    }

    @Test
    void failoverFilesReplaceWhatTheServersSay() throws Exception {
        server.answer(request ->
                request.type().equals("SubscribeServiceRequest") ? StubServer.subscribed(SERVICE, 100, ONE) : null);
        naming.getAllInstances("s");
        Path cached = directory.resolve("public").resolve("DEFAULT_GROUP%40%40s");
        Await.until("written", () -> java.nio.file.Files.exists(cached));
        Path failover = java.nio.file.Files.createDirectories(directory.resolve("public/failover"));
        java.nio.file.Files.writeString(
                failover.resolve("DEFAULT_GROUP%40%40s"),
                java.nio.file.Files.readString(cached).replace(ONE.ip(), "10.9.9.9"));

        java.nio.file.Files.writeString(failover.resolve("00-00---000-VIPSRV_FAILOVER_SWITCH-000---00-00"), "1");
        Await.until("on", () -> addresses(naming.getAllInstances("s")).equals(List.of("10.9.9.9:80")));
        java.nio.file.Files.writeString(failover.resolve("00-00---000-VIPSRV_FAILOVER_SWITCH-000---00-00"), "0");
        Await.until("off", () -> addresses(naming.getAllInstances("s")).equals(List.of(ONE.address())));
    }

    @Test
    void listenerIsCalledOnItsOwnExecutor() {
        List<String> threads = Collections.synchronizedList(new ArrayList<>());
        naming.subscribe("s", new io.registry.api.listen.ServiceListener() {
            @Override
            public void onChange(io.registry.api.listen.ServiceChange change) {
                threads.add(Thread.currentThread().getName());
            }

            @Override
            public java.util.concurrent.Executor executor() {
                return task -> new Thread(task, "mine").start();
            }
        });

        server.push(StubServer.service("1", SERVICE, 110, ONE));

        Await.until("called", () -> threads.equals(List.of("mine")));
    }

    @Test
    void watchNeedsAServerThatCan() {
        server.answer(request -> request.type().equals("NamingFuzzyWatchRequest") ? Answers.noHandler() : null);

        assertThat(naming.fuzzyWatch("*", event -> {}))
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .withCauseInstanceOf(RegistryException.class);
    }

    @Test
    void changesArePutOnTopOfWhatTheStreamHasShown() {
        List<List<String>> told = follow();
        server.push(StubServer.service("1", SERVICE, 10, false, ONE));

        server.push(StubServer.change("2", SERVICE, 10, new int[0], new int[] {1}, 2, TWO));
        Await.until("both", () -> told.contains(List.of("10.0.0.1:80", "10.0.0.2:80")));
        server.push(StubServer.change("3", SERVICE, 11, new int[] {0}, new int[0], 1));
        Await.until("the second", () -> told.contains(List.of("10.0.0.2:80")));

        Await.until(
                "acknowledged",
                () -> server.received("NotifySubscriberResponse").size() == 3);
        assertThat(server.received("NotifySubscriberResponse"))
                .allSatisfy(ack -> assertThat(StubServer.body(ack)).contains("200"));
    }

    @Test
    void aChangeThatDoesNotFitIsRefusedAndTheWholeCounts() {
        List<List<String>> told = follow();
        server.push(StubServer.service("1", SERVICE, 10, false, ONE));
        server.push(StubServer.change("2", SERVICE, 12, new int[] {0}, new int[0], 0));
        server.push(StubServer.change("3", SERVICE, 10, new int[] {0}, new int[0], 0));

        Await.until(
                "answered", () -> server.received("NotifySubscriberResponse").size() == 3);
        List<Envelope> acks = server.received("NotifySubscriberResponse");
        assertThat(StubServer.body(acks.get(0))).contains("\"resultCode\":200");
        assertThat(StubServer.body(acks.get(1))).contains("\"requestId\":\"2\"").contains("\"resultCode\":500");
        assertThat(StubServer.body(acks.get(2))).contains("\"requestId\":\"3\"").contains("\"resultCode\":500");
        assertThat(told).doesNotContain(List.of());

        server.push(StubServer.service("4", SERVICE, 20, false, TWO));
        Await.until("the whole", () -> told.contains(List.of("10.0.0.2:80")));
        assertThat(told).doesNotContain(List.of());
    }

    @Test
    void aChangeOfPlacesThatAreNotThereIsRefused() {
        List<List<String>> told = follow();
        server.push(StubServer.service("1", SERVICE, 10, false, ONE));
        server.push(StubServer.change("2", SERVICE, 10, new int[] {5}, new int[0], 0));

        Await.until(
                "answered", () -> server.received("NotifySubscriberResponse").size() == 2);
        assertThat(StubServer.body(server.received("NotifySubscriberResponse").get(1)))
                .contains("\"resultCode\":500");
        assertThat(told).doesNotContain(List.of());
    }

    @Test
    void emptyProtectionBelievesGoodbyes() {
        naming.close();
        naming = client(server.address()).pushEmptyProtection(true).build();
        List<List<String>> told = follow();
        server.push(StubServer.service("1", SERVICE, 10, false, ONE));
        server.push(StubServer.service("2", SERVICE, 11, false));
        server.push(StubServer.service("3", SERVICE, 12, false, ONE, TWO));
        Await.until("both", () -> told.contains(List.of("10.0.0.1:80", "10.0.0.2:80")));
        assertThat(told).doesNotContain(List.of());

        server.push(StubServer.service("4", SERVICE, 13, true));
        Await.until("nobody", () -> told.contains(List.of()));
    }

    /** Follows the service, and returns what the listener is told, as it is. */
    private List<List<String>> follow() {
        List<List<String>> told = Collections.synchronizedList(new ArrayList<>());
        naming.subscribe("s", change -> told.add(addresses(change.instances())));
        Await.until("stream", () -> server.streams() == 1);
        return told;
    }
}
