package io.registry.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.Await;
import io.registry.server.testkit.Message;
import io.registry.server.testkit.RegistryProcess;
import io.registry.server.testkit.Unique;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Many clients at once, each with a random will of its own. At the end every subscriber has last been told what a query
 * answers and what the clients know to be true; on the way nobody's own writes were hidden from it and no push went
 * back in time.
 *
 * <p>What each client does follows from the seed; how they meet does not. {@code -Dregistry.test.seed=N} runs that
 * seed alone.
 */
class InterleavingIT {

    private static final int GRPC_CLIENTS = 6;
    private static final int HTTP_CLIENTS = 3;
    private static final List<String> CLUSTERS = List.of("", "c1", "c2", "c1,c2");
    private static final Duration SETTLED = Duration.ofSeconds(20);
    private static final Duration QUIET = Duration.ofMillis(500);

    /** Holds no losses back: clients here cut their connections, and know those instances to be gone. */
    private static RegistryProcess server = RegistryProcess.elsewhere(0);

    @BeforeAll
    static void start() {
        server = RegistryProcess.start("--registry.loss-guard.enabled=false");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static List<Long> seeds() {
        Long only = Long.getLong("registry.test.seed");
        return only != null ? List.of(only) : seeds(1, 10);
    }

    static List<Long> manySeeds() {
        return seeds(1_000, Integer.getInteger("registry.test.seeds", 100));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everySubscriberEndsWithTheTruth(long seed) throws Exception {
        run(seed, 50);
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("manySeeds")
    void everySubscriberEndsWithTheTruthInLongerRuns(long seed) throws Exception {
        run(seed, 300);
    }

    private static List<Long> seeds(long first, int count) {
        List<Long> seeds = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            seeds.add(first + i);
        }
        return seeds;
    }

    private static void run(long seed, int steps) throws Exception {
        List<String> services = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            services.add(Unique.name("run" + seed));
        }
        List<GrpcActor> subscribers = new ArrayList<>();
        List<Actor> actors = new ArrayList<>();
        for (int i = 0; i < GRPC_CLIENTS; i++) {
            GrpcActor actor = new GrpcActor(server.port(), i, services, seed * 100 + i);
            subscribers.add(actor);
            actors.add(actor);
        }
        for (int i = 0; i < HTTP_CLIENTS; i++) {
            actors.add(new HttpActor(new Http(server), i, services, seed * 100 + 50 + i));
        }
        try {
            actAll(actors, steps);
            allTrue(services, actors, subscribers);
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + " (-Dregistry.test.seed=" + seed + "): " + e.getMessage(), e);
        } finally {
            actors.forEach(Actor::close);
        }
    }

    private static void actAll(List<Actor> actors, int steps) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(actors.size());
        try {
            List<Future<?>> done = new ArrayList<>();
            for (Actor actor : actors) {
                done.add(threads.submit(() -> {
                    for (int i = 0; i < steps; i++) {
                        actor.act();
                    }
                }));
            }
            for (Future<?> future : done) {
                future.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError(String.valueOf(e.getCause()), e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void allTrue(List<String> services, List<Actor> actors, List<GrpcActor> subscribers) {
        try (Naming observer = Naming.on(server.port())) {
            for (String service : services) {
                for (String clusters : CLUSTERS) {
                    List<String> truth = truth(actors, service, clusters);
                    // The end of a cut connection is noticed, not announced.
                    Await.until(
                            "query of " + service + " [" + clusters + "] is " + truth + "; "
                                    + observer.query(service, clusters, false),
                            SETTLED,
                            () -> Host.seen(observer.query(service, clusters, false)
                                            .hosts())
                                    .equals(truth));
                }
            }
        }
        for (GrpcActor subscriber : subscribers) {
            Await.until(
                    "each last push is true: " + wrong(subscriber, actors),
                    SETTLED,
                    () -> wrong(subscriber, actors).isEmpty());
        }
        LockSupport.parkNanos(QUIET.toNanos());
        for (GrpcActor subscriber : subscribers) {
            assertThat(wrong(subscriber, actors)).as("after the last push").isEmpty();
            subscriber.pushedInOrder();
        }
    }

    /** Tells which subscriptions of a client were last told something else than the truth. */
    private static List<String> wrong(GrpcActor subscriber, List<Actor> actors) {
        List<String> wrong = new ArrayList<>();
        for (Map.Entry<GrpcActor.Variant, Message> entry : subscriber.last().entrySet()) {
            List<String> truth =
                    truth(actors, entry.getKey().service(), entry.getKey().clusters());
            if (!Host.seen(entry.getValue().hosts()).equals(truth)) {
                wrong.add(subscriber + " of " + entry.getKey() + " expects " + truth + " and was told "
                        + entry.getValue());
            }
        }
        return wrong;
    }

    private static List<String> truth(List<Actor> actors, String service, String clusters) {
        List<Host> all = new ArrayList<>();
        actors.forEach(actor -> all.addAll(actor.published(service)));
        return Host.seen(all, clusters);
    }
}
