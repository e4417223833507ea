package io.registry.server.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryCluster;
import io.registry.server.testkit.RegistryProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * All nodes are restarted in order, one after another, under 10,000 instances of 200 connections, 500 subscribers, and others
 * that come and go. Every list that a subscriber gets has at least all instances that have been alive all along.
 */
@Tag("long")
@Tag("alone")
class RollingRestartIT {

    private static final int SERVICES = 100;
    private static final int PROVIDERS = 200;
    private static final int INSTANCES_OF_EACH = 50;
    private static final int SUBSCRIBERS = 500;
    private static final int OTHERS = 20;
    private static final Duration START_MAX = Duration.ofMinutes(3);
    private static final Duration BACK_MAX = Duration.ofSeconds(30);
    private static final int SHORT_LISTS_TOLD = 20;

    private final Map<String, Set<String>> alive = new TreeMap<>();
    private final Queue<String> tooShort = new ConcurrentLinkedQueue<>();
    private volatile boolean allAreThere;
    private volatile String now = "at the beginning";

    @Test
    void noSubscriberSeesAListThatLacksWhatIsAliveAllAlong() {
        List<LightClient> clients = new ArrayList<>();
        CountDownLatch end = new CountDownLatch(1);
        try (RegistryCluster cluster = RegistryCluster.startApart(3)) {
            List<String> nodes =
                    cluster.nodes().stream().map(RegistryProcess::address).toList();
            for (int i = 0; i < PROVIDERS; i++) {
                LightClient provider = client(clients, nodes, i);
                Set<String> published = new TreeSet<>();
                for (int k = 0; k < INSTANCES_OF_EACH; k++) {
                    published.add("10.3." + i + "." + k + ":8080");
                }
                alive.computeIfAbsent(service(i), name -> new TreeSet<>()).addAll(published);
                provider.publish(service(i), published);
            }
            List<LightClient> subscribers = new ArrayList<>();
            for (int i = 0; i < SUBSCRIBERS; i++) {
                LightClient subscriber = client(clients, nodes, i);
                subscriber.follow(service(i));
                subscribers.add(subscriber);
            }
            Await.until("every subscriber has the whole list", START_MAX, () -> {
                for (int i = 0; i < SUBSCRIBERS; i++) {
                    if (!subscribers.get(i).known(service(i)).containsAll(aliveIn(service(i)))) {
                        return false;
                    }
                }
                return true;
            });
            allAreThere = true;
            List<LightClient> others = new ArrayList<>();
            for (int i = 0; i < OTHERS; i++) {
                others.add(client(clients, nodes, i));
            }
            Thread load = new Thread(() -> load(others, end), "load");
            load.start();

            for (int i = 0; i < nodes.size(); i++) {
                now = "restart of " + nodes.get(i);
                cluster.node(i).stop();
                cluster.node(i).restart();
                awaitBack(clients);
            }

            now = "at the end";
            end.countDown();
            join(load);
            System.out.println("the longest time that a client was away: "
                    + clients.stream()
                            .map(LightClient::longestAway)
                            .max(Duration::compareTo)
                            .orElseThrow());
            assertThat(tooShort).as("lists that lack what is alive").isEmpty();
            assertThat(clients).allMatch(client -> client.longestAway().compareTo(BACK_MAX) < 0);
            NodeCalls calls = new NodeCalls();
            for (String service : alive.keySet()) {
                nodes.forEach(node -> assertThat(calls.shown(node, service)).containsAll(aliveIn(service)));
            }
        } finally {
            end.countDown();
            clients.forEach(LightClient::end);
            clients.forEach(LightClient::close);
        }
    }

    /** Waits until each client has been settled since now. */
    private void awaitBack(List<LightClient> clients) {
        Set<LightClient> away = new LinkedHashSet<>(clients);
        try {
            Await.until("all clients are back", BACK_MAX, () -> {
                away.removeIf(LightClient::isSettled);
                return away.isEmpty();
            });
        } catch (AssertionError e) {
            throw new AssertionError(
                    now + ": " + away.size() + " clients are away, such as "
                            + away.iterator().next() + "; lists that lack what is alive: " + tooShort,
                    e);
        }
    }

    private LightClient client(List<LightClient> clients, List<String> nodes, int number) {
        List<String> turned = new ArrayList<>(nodes.subList(number % nodes.size(), nodes.size()));
        turned.addAll(nodes.subList(0, number % nodes.size()));
        LightClient client = new LightClient(turned, clients.size(), this::told);
        clients.add(client);
        return client;
    }

    private void told(String service, Set<String> addresses) {
        if (allAreThere && !addresses.containsAll(aliveIn(service)) && tooShort.size() < SHORT_LISTS_TOLD) {
            Set<String> missing = new TreeSet<>(aliveIn(service));
            missing.removeAll(addresses);
            tooShort.add(now + ": " + service + " lacks " + missing.size() + ", such as "
                    + missing.iterator().next());
        }
    }

    /** Others come and go in the same services, so that there is always something to push. */
    private static void load(List<LightClient> others, CountDownLatch end) {
        Random random = new Random(1);
        try {
            while (!end.await(50, TimeUnit.MILLISECONDS)) {
                int number = random.nextInt(OTHERS);
                String service = service(random.nextInt(SERVICES));
                String address = "10.4.0." + number + ":8080";
                others.get(number).publish(service, random.nextBoolean() ? Set.of(address) : Set.of());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Set<String> aliveIn(String service) {
        Set<String> there = alive.get(service);
        if (there == null) {
            throw new IllegalArgumentException("service: " + service + " (expected: one of " + alive.keySet() + ")");
        }
        return there;
    }

    private static String service(int number) {
        return "rolling-" + number % SERVICES;
    }
}
