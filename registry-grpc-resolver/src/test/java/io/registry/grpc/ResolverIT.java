package io.registry.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.registry.api.NamingService;
import io.registry.api.model.Instance;
import io.registry.client.RegistryClient;
import io.registry.junit.Registry;
import io.registry.junit.RegistryExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ResolverIT {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    @RegisterExtension
    static final RegistryExtension SERVER = RegistryExtension.create();

    @SuppressWarnings("NullAway.Init")
    private static NamingService consumer;

    @SuppressWarnings("NullAway.Init")
    private static NamingService provider;

    @SuppressWarnings("NullAway.Init")
    private static RegistryNameResolverProvider resolvers;

    private final String service = "greeter-" + NUMBER.incrementAndGet();
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final List<Greeter> greeters = new ArrayList<>();

    @BeforeAll
    static void start() {
        consumer = RegistryClient.builder()
                .serverAddr(SERVER.serverAddr())
                .appName("consumer")
                .build();
        provider = RegistryClient.builder()
                .serverAddr(SERVER.serverAddr())
                .appName("provider")
                .build();
        resolvers = new RegistryNameResolverProvider(consumer);
        NameResolverRegistry.getDefaultRegistry().register(resolvers);
    }

    @AfterAll
    static void end() {
        NameResolverRegistry.getDefaultRegistry().deregister(resolvers);
        consumer.close();
        provider.close();
    }

    @AfterEach
    void endAll() {
        channels.forEach(ManagedChannel::shutdownNow);
        greeters.forEach(Greeter::close);
    }

    private ManagedChannel channel(String target) {
        ManagedChannel channel = ManagedChannelBuilder.forTarget(target)
                .usePlaintext()
                .defaultLoadBalancingPolicy("round_robin")
                .build();
        channels.add(channel);
        return channel;
    }

    private Greeter greeter(String name) {
        Greeter greeter = Greeter.start(name);
        greeters.add(greeter);
        return greeter;
    }

    private static String call(ManagedChannel channel) {
        return Greeter.call(channel, CallOptions.DEFAULT);
    }

    private static void awaitAnswers(ManagedChannel channel, String... names) {
        Await.until("answers of " + Set.of(names), () -> {
            Set<String> seen = new TreeSet<>();
            for (int i = 0; i < 10; i++) {
                seen.add(Greeter.call(channel, CallOptions.DEFAULT.withWaitForReady()));
            }
            return seen.equals(Set.of(names));
        });
    }

    @Test
    void callsSpreadAndFollowWhoComesAndGoesWithoutAFailure() throws Exception {
        Greeter a = greeter("a");
        Greeter b = greeter("b");
        provider.registerInstance(service, "127.0.0.1", a.port());
        provider.registerInstance(service, "127.0.0.1", b.port());
        ManagedChannel channel = channel("registry:///" + service);
        awaitAnswers(channel, "a", "b");
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        AtomicInteger calls = new AtomicInteger();
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch stopped = new CountDownLatch(1);
        Thread steady = new Thread(() -> {
            while (!stop.get()) {
                try {
                    call(channel);
                } catch (RuntimeException e) {
                    failures.add(e.toString());
                }
                calls.incrementAndGet();
            }
            stopped.countDown();
        });
        steady.start();

        provider.deregisterAndAwait(service, Instance.of("127.0.0.1", b.port()), Duration.ofSeconds(5));
        b.close();
        awaitAnswers(channel, "a");
        Greeter c = greeter("c");
        provider.registerInstance(service, "127.0.0.1", c.port());
        awaitAnswers(channel, "a", "c");
        int before = calls.get();
        Await.until("more calls", () -> calls.get() > before + 100);

        stop.set(true);
        assertThat(stopped.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(failures).isEmpty();
    }

    @Test
    void whereNobodyIsACallFailsAndOneThatWaitsIsServedLater() {
        ManagedChannel channel = channel("registry:///" + service);

        assertThatThrownBy(() -> call(channel)).isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
            assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(e.getStatus().getDescription()).contains("no usable instance of DEFAULT_GROUP@@" + service);
        });

        provider.registerInstance(service, "127.0.0.1", greeter("a").port());
        assertThat(Greeter.call(channel, CallOptions.DEFAULT.withWaitForReady()))
                .isEqualTo("a");
    }

    @Test
    void whenTheLastHasGoneCallsFailWithTheNameOfTheService() {
        Greeter a = greeter("a");
        provider.registerInstance(service, "127.0.0.1", a.port());
        ManagedChannel channel = channel("registry:///" + service);
        awaitAnswers(channel, "a");

        provider.deregisterAndAwait(service, Instance.of("127.0.0.1", a.port()), Duration.ofSeconds(5));
        a.close();

        Await.until("said so", () -> {
            try {
                call(channel);
                return false;
            } catch (StatusRuntimeException e) {
                return String.valueOf(e.getStatus().getDescription()).contains("no usable instance of");
            }
        });
        provider.registerInstance(service, "127.0.0.1", greeter("b").port());
        awaitAnswers(channel, "b");
    }

    @Test
    void thePortOfGrpcIsTakenFromTheMetadata() {
        provider.registerInstance(
                service,
                Instance.builder("127.0.0.1", 1)
                        .metadata("grpc.port", Integer.toString(greeter("a").port()))
                        .build());

        assertThat(call(channel("registry:///" + service))).isEqualTo("a");
    }

    @Test
    void instancesThatCannotBeCalledAreNamed() {
        provider.registerInstance(
                service,
                Instance.builder("127.0.0.1", 1).metadata("grpc.port", "seven").build());

        assertThatThrownBy(() -> call(channel("registry:///" + service)))
                .hasMessageContaining("127.0.0.1:1 with grpc.port seven (expected: 1..65535)");
    }

    @Test
    void onlyUsableInstancesOfTheGroupAndItsClustersAreCalled() {
        provider.registerInstance(service, "127.0.0.1", greeter("other group").port());
        for (String cluster : List.of("c1", "c2", "c3")) {
            provider.registerInstance(
                    service, "G", "127.0.0.1", greeter(cluster).port(), cluster);
        }
        provider.registerInstance(
                service,
                "G",
                Instance.builder("127.0.0.1", greeter("no weight").port())
                        .cluster("c1")
                        .weight(0)
                        .build());
        provider.registerInstance(
                service,
                "G",
                Instance.builder("127.0.0.1", greeter("disabled").port())
                        .cluster("c1")
                        .enabled(false)
                        .build());

        awaitAnswers(channel("registry:///" + service + "?group=G&clusters=c1,c2"), "c1", "c2");
        awaitAnswers(channel("registry:///G@@" + service), "c1", "c2", "c3");
    }

    @Test
    void targetThatNamesItsServersNeedsNoClient() {
        NameResolverRegistry.getDefaultRegistry().deregister(resolvers);
        try {
            provider.registerInstance(service, "127.0.0.1", greeter("a").port());

            assertThat(call(channel("registry://127.0.0.1:1/" + service + "?servers=" + SERVER.serverAddr())))
                    .isEqualTo("a");
            assertThatThrownBy(() -> channel("registry:///" + service))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("registry://host:port/service");
        } finally {
            NameResolverRegistry.getDefaultRegistry().register(resolvers);
        }
    }

    @Test
    void aRegistryThatComesLaterIsFoundWithoutDoingAnything() {
        try (Registry later = Registry.started();
                NamingService there =
                        RegistryClient.builder().serverAddr(later.serverAddr()).build()) {
            there.registerInstance(service, "127.0.0.1", greeter("a").port());
            later.stop();
            ManagedChannel channel = channel("registry://" + later.serverAddr() + "/" + service + "?namespace=public");

            assertThatThrownBy(() -> call(channel)).isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
                assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                assertThat(e.getStatus().getDescription()).contains("DEFAULT_GROUP@@" + service);
            });
            later.start();

            awaitAnswers(channel, "a");
        }
    }

    @Test
    void aChannelThatHasEndedFollowsNothing() {
        provider.registerInstance(service, "127.0.0.1", greeter("a").port());
        ManagedChannel channel = channel("registry:///" + service);
        assertThat(call(channel)).isEqualTo("a");
        assertThat(followed()).contains(service);

        channel.shutdownNow();

        Await.until("not followed", () -> !followed().contains(service));
    }

    private static List<String> followed() {
        return consumer.getSubscribeServices().stream()
                .map(info -> info.service().name())
                .toList();
    }
}
