package io.registry.example;

import io.registry.api.NamingService;
import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.listen.ServiceChange;
import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.client.RegistryClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * The clients of a run and what they do.
 *
 * <p>Operation n is due at its own moment, however late the ones before it are, and its latency counts from then: a
 * registry that stands still for a second is seen in every operation that fell into it.
 *
 * <p><b>Threading</b>: {@link #work} by any number of threads; the listeners' thread records what it is told.
 */
final class Load implements AutoCloseable {

    private static final String DUE = "due";

    private final LoadOptions options;
    private final Latencies latencies;
    private final List<NamingService> publishers = new ArrayList<>();
    private final List<NamingService> subscribers = new ArrayList<>();
    private final AtomicLong next = new AtomicLong();
    private final AtomicLong registrations = new AtomicLong();
    private final AtomicLong done = new AtomicLong();
    private final Map<ErrorCode, Long> failures = new ConcurrentHashMap<>();
    private volatile boolean stopped;

    Load(LoadOptions options, Latencies latencies) {
        this.options = options;
        this.latencies = latencies;
    }

    /** Connects all clients, registers all instances and subscribes. */
    void begin(String servers, Path cache) {
        for (int i = 0; i < options.subscribers; i++) {
            NamingService subscriber = connect(servers, cache, "load-subscriber-" + i);
            subscribers.add(subscriber);
            for (int s = 0; s < options.services; s++) {
                subscriber.subscribe(service(s), this::told);
            }
        }
        for (int c = 0; c < options.clients; c++) {
            NamingService publisher = connect(servers, cache, "load-publisher-" + c);
            publishers.add(publisher);
            Map<String, List<Instance>> batches = new LinkedHashMap<>();
            for (int i = 0; i < options.instances; i++) {
                batches.computeIfAbsent(serviceOf(c, i), name -> new ArrayList<>())
                        .add(instance(c, i).build());
            }
            batches.forEach((name, batch) -> publisher.batchRegisterInstance(name, ServiceKey.DEFAULT_GROUP, batch));
        }
    }

    /** Does what is due, one operation after the other, until the end or {@link #stop}. */
    void work(long startNanos) throws InterruptedException {
        long end = startNanos + TimeUnit.SECONDS.toNanos(options.seconds);
        while (!stopped && System.nanoTime() - end < 0) {
            long number = next.getAndIncrement();
            long due = startNanos + number * TimeUnit.SECONDS.toNanos(1) / options.rate;
            if (due - end >= 0) {
                return;
            }
            TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
            try {
                operate(number, due);
                done.incrementAndGet();
            } catch (RegistryException e) {
                failures.merge(e.code(), 1L, Long::sum);
            }
        }
    }

    /** Has all workers end after the operation that each is at. */
    void stop() {
        stopped = true;
    }

    /** Returns how many operations have succeeded. */
    long done() {
        return done.get();
    }

    /** Returns how many operations have failed, by cause. */
    Map<ErrorCode, Long> failures() {
        return Map.copyOf(failures);
    }

    /** Deregisters everything and leaves. */
    @Override
    public void close() {
        stopped = true;
        Stream.concat(publishers.stream(), subscribers.stream()).forEach(NamingService::close);
    }

    private void operate(long number, long due) {
        // 37 has no factor in common with 100, so the two kinds of operation are mixed evenly.
        if (number * 37 % 100 < options.queryPercent) {
            NamingService asking = publishers.get((int) (number % options.clients));
            asking.getAllInstances(service((int) (number % options.services)), ServiceKey.DEFAULT_GROUP, false);
            latencies.record(Latencies.Kind.QUERY, System.nanoTime() - due);
        } else {
            long turn = registrations.getAndIncrement();
            int c = (int) (turn % options.clients);
            int i = (int) (turn / options.clients % options.instances);
            Instance changed = instance(c, i).metadata(DUE, Long.toString(due)).build();
            publishers.get(c).registerInstance(serviceOf(c, i), changed);
            latencies.record(Latencies.Kind.REGISTER, System.nanoTime() - due);
        }
    }

    /** Changes of one instance that a listener is told as one count once, from the last of them. */
    private void told(ServiceChange change) {
        long now = System.nanoTime();
        for (List<Instance> each : List.of(change.added(), change.modified())) {
            for (Instance instance : each) {
                String due = instance.metadata().get(DUE);
                if (due != null) {
                    latencies.record(Latencies.Kind.CHANGE, now - Long.parseLong(due));
                }
            }
        }
    }

    /** Clients with equal options would share a connection, so each has a name of its own. */
    private static NamingService connect(String servers, Path cache, String name) {
        return RegistryClient.builder()
                .serverAddr(servers)
                .cacheDirectory(cache)
                .appName(name)
                .build();
    }

    private String serviceOf(int client, int index) {
        return service((client + index) % options.services);
    }

    private static String service(int number) {
        return "example-load-" + number;
    }

    private static Instance.Builder instance(int client, int index) {
        return Instance.builder("10.1." + client / 200 + "." + (1 + client % 200), 2000 + index);
    }
}
