package io.registry.server.fault;

import io.registry.client.Transport;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryCluster;
import io.registry.server.testkit.RegistryProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Has faults strike the nodes of a cluster by chance, while clients register, deregister, come and go; heals them; and then
 * looks at what has to hold:
 *
 * <ul>
 *   <li>after at most 10 s all nodes have the same digest of every service;
 *   <li>every node shows, and every client knows, all instances that live, and none that is gone for longer than its lease;
 *   <li>every node has all persistent instances that were acknowledged, and takes new ones.
 * </ul>
 *
 * <p>The seed says what is done, in which order and for how long. What the processes make of it differs from run to run.
 *
 * <p><b>Threading</b>: one thread.
 */
public final class FaultProgram implements AutoCloseable {

    private static final Duration EQUAL_MAX = Duration.ofSeconds(10);
    private static final Duration BACK_MAX = Duration.ofSeconds(30);
    private static final Duration CALL_MAX = Duration.ofSeconds(10);

    /** The longest of: 30 s without a beat, 28 s of silence of a connection, 30 s of grace; and what a busy machine adds. */
    private static final Duration LEASE = Duration.ofSeconds(38);

    private static final int SERVICES = 5;
    private static final int WRITERS = 2;
    private static final int QUIET_EVERY = 5;

    private final RegistryCluster cluster;
    private final long seed;
    private final Random random;
    private final NodeCalls calls = new NodeCalls();
    private final Expectation expected;
    private final List<Seat> seats = new ArrayList<>();
    private final List<DurableWriter> writers = new ArrayList<>();
    private final Map<Fault, Integer> struck = new EnumMap<>(Fault.class);
    private final List<String> history = new ArrayList<>();
    private long slowestEqualMillis;
    private long slowestBackMillis;
    private int addresses;

    /** One client after another of one kind, and what the present one has registered. */
    private static final class Seat {
        final Supplier<Participant> kind;
        final List<Held> held = new ArrayList<>();
        Participant client;

        Seat(Supplier<Participant> kind) {
            this.kind = kind;
            this.client = kind.get();
        }
    }

    private record Held(String service, String ip, int port) {
        String address() {
            return ip + ":" + port;
        }
    }

    /**
     * Makes clients, which register, and writers.
     *
     * @param cluster of three nodes, which are ready
     * @param kinds what makes each client; more than once, where one is replaced by another of its kind
     */
    public FaultProgram(RegistryCluster cluster, long seed, List<Supplier<Participant>> kinds) {
        this.cluster = cluster;
        this.seed = seed;
        this.random = new Random(seed);
        Set<String> services = new TreeSet<>();
        for (int i = 0; i < SERVICES; i++) {
            services.add("fault-" + i);
        }
        this.expected = new Expectation(services, LEASE);
        for (int i = 0; i < WRITERS; i++) {
            writers.add(new DurableWriter(i, nodeAddresses(), calls, Duration.ofMillis(150)));
        }
        for (Supplier<Participant> kind : kinds) {
            Seat seat = new Seat(kind);
            seats.add(seat);
            begin(seat);
        }
    }

    /** Returns what makes light clients, beating ones and two of the SDK, at different nodes first. */
    public static List<Supplier<Participant>> ownKinds(RegistryCluster cluster, long seed, int ofEach) {
        List<String> all =
                cluster.nodes().stream().map(RegistryProcess::address).toList();
        NodeCalls calls = new NodeCalls();
        List<Supplier<Participant>> kinds = new ArrayList<>();
        for (int i = 0; i < ofEach; i++) {
            int number = i;
            kinds.add(() -> new LightClient(startingAt(number, all), seed + number, (service, told) -> {}));
            kinds.add(() -> new BeatingClient(startingAt(number, all), calls));
        }
        kinds.add(() -> new SdkParticipant(cluster.addresses(), Transport.GRPC));
        kinds.add(() -> new SdkParticipant(cluster.addresses(), Transport.HTTP));
        return kinds;
    }

    private static List<String> startingAt(int first, List<String> all) {
        List<String> turned = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            turned.add(all.get((first + i) % all.size()));
        }
        return turned;
    }

    /** Lets faults strike for a time, each of them one of these kinds, and at last waits until every lease is over. */
    public void run(Duration length) {
        long begin = System.nanoTime();
        check("at the beginning");
        List<Fault> possible = Fault.possibleIn(cluster);
        for (int round = 1; System.nanoTime() - begin < length.toNanos(); round++) {
            int faults = random.nextInt(4) == 0 ? 2 : 1;
            List<Integer> victims = new ArrayList<>();
            List<Fault> chosen = new ArrayList<>();
            for (int i = 0; i < faults; i++) {
                victims.add((random.nextInt(cluster.nodes().size() - i) + (i == 0 ? 0 : victims.get(0) + 1))
                        % cluster.nodes().size());
                chosen.add(possible.get(random.nextInt(possible.size())));
            }
            // Now and then longer than the leases.
            round(round, chosen, victims, Duration.ofMillis(500 + random.nextInt(round % 6 == 0 ? 30_000 : 9_000)));
            if (round % QUIET_EVERY == 0) {
                awaitLeases();
            }
        }
        awaitLeases();
    }

    /** One round: these faults at these nodes, each of them for a time, and what has to hold when they are healed. */
    public void round(int round, List<Fault> faults, List<Integer> victims, Duration time) {
        String what = "round " + round + ": " + faults + " at " + victims + " for " + time.toMillis() + " ms";
        history.add(what);
        for (int i = 0; i < faults.size(); i++) {
            faults.get(i).strike(cluster, victims.get(i), random);
            struck.merge(faults.get(i), 1, Integer::sum);
        }
        long end = System.nanoTime() + time.toNanos();
        int changes = 1 + random.nextInt(6);
        long pause = time.toMillis() / changes;
        for (int i = 0; i < changes && System.nanoTime() - end < 0; i++) {
            change();
            sleep(Math.min(pause, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
        }
        cluster.heal();
        check(what);
    }

    private void awaitLeases() {
        Await.until("the end of all leases", LEASE.multipliedBy(2), () -> !expected.leaseRuns());
        check(history.get(history.size() - 1) + ", and all leases are over");
    }

    /** Returns what was done, and how long it took to be whole again at most. */
    public String summary() {
        return "seed " + seed + " on " + cluster.network().description() + ": " + history.size() + " rounds " + struck
                + ", digests equal after " + slowestEqualMillis + " ms at most, all lists right after "
                + slowestBackMillis + " ms at most, "
                + writers.stream().mapToInt(DurableWriter::count).sum() + " persistent instances";
    }

    @Override
    public void close() {
        writers.forEach(DurableWriter::close);
        seats.forEach(seat -> seat.client.close());
    }

    private void change() {
        Seat seat = seats.get(random.nextInt(seats.size()));
        int dice = random.nextInt(10);
        if (dice == 0) {
            seat.client.close();
            seat.held.forEach(held -> expected.went(held.service, held.address()));
            seat.held.clear();
            seat.client = seat.kind.get();
            begin(seat);
        } else if (dice < 5 && !seat.held.isEmpty()) {
            Held held = seat.held.remove(random.nextInt(seat.held.size()));
            seat.client.deregister(held.service, held.ip, held.port);
            expected.went(held.service, held.address());
        } else {
            register(seat);
        }
    }

    private void begin(Seat seat) {
        expected.services().forEach(seat.client::follow);
        register(seat);
        register(seat);
    }

    private void register(Seat seat) {
        List<String> free = expected.services().stream()
                .filter(service -> seat.held.stream()
                                .filter(held -> held.service.equals(service))
                                .count()
                        < seat.client.instancesMax())
                .toList();
        if (free.isEmpty()) {
            return;
        }
        int number = addresses++;
        Held held = new Held(
                free.get(random.nextInt(free.size())),
                "10.1." + number / 200 % 200 + "." + (1 + number % 200),
                8080 + number / 40_000);
        seat.held.add(held);
        expected.came(held.service, held.address());
        seat.client.register(held.service, held.ip, held.port);
    }

    private void check(String when) {
        expected.healed();
        long healed = System.nanoTime();
        try {
            awaitEqual();
            slowestEqualMillis = Math.max(slowestEqualMillis, millisSince(healed));
            awaitLists();
            slowestBackMillis = Math.max(slowestBackMillis, millisSince(healed));
            awaitWritten();
        } catch (AssertionError | RuntimeException e) {
            StringBuilder all = new StringBuilder(when + ", seed " + seed + ": " + e.getMessage() + "\n");
            history.forEach(line -> all.append(line).append('\n'));
            seats.forEach(seat -> all.append(seat.client)
                    .append(" has registered ")
                    .append(seat.held)
                    .append('\n'));
            cluster.nodes()
                    .forEach(node -> all.append(node.address())
                            .append(": ")
                            .append(node.logFile())
                            .append('\n'));
            tellShown(all);
            throw new AssertionError(all.toString(), e);
        }
    }

    private void awaitEqual() {
        Map<String, String> different = new TreeMap<>();
        for (String service : expected.services()) {
            nodeAddresses().forEach(node -> different.put(node + " " + service, ""));
        }
        try {
            Await.until("all digests are equal", EQUAL_MAX, () -> {
                different.replaceAll((each, before) -> compared(each.split(" ", -1)));
                different.values().removeIf(answer -> answer.contains("\"equal\":true"));
                return different.isEmpty();
            });
        } catch (AssertionError e) {
            throw new AssertionError("digests are not equal within " + EQUAL_MAX + ", as seen from: " + different, e);
        }
    }

    private String compared(String[] nodeAndService) {
        return calls.send(
                nodeAndService[0],
                CALL_MAX,
                "GET",
                "/v3/admin/core/cluster/distro/service",
                "serviceName",
                nodeAndService[1],
                "compare",
                true);
    }

    /** What each node shows of each service, for who has to find out what went wrong. */
    private void tellShown(StringBuilder to) {
        for (String service : expected.services()) {
            to.append(service).append(" has ").append(expected.living(service)).append('\n');
            for (String node : nodeAddresses()) {
                to.append("  ").append(node).append(" shows ");
                try {
                    to.append(calls.shown(node, service));
                } catch (AssertionError e) {
                    to.append("nothing: ").append(e.getMessage());
                }
                to.append('\n');
            }
        }
    }

    private void awaitLists() {
        Set<String> wrong = new TreeSet<>();
        awaitEmpty(BACK_MAX, wrong, "lists are wrong: ", () -> {
            wrong.clear();
            for (String service : expected.services()) {
                for (String node : nodeAddresses()) {
                    note(wrong, "at " + node, expected.wrong(service, calls.shown(node, service)));
                }
                for (Seat seat : seats) {
                    note(wrong, "known to " + seat.client, expected.wrong(service, seat.client.known(service)));
                }
            }
            return wrong.isEmpty();
        });
    }

    private void awaitWritten() {
        List<Integer> before = writers.stream().map(DurableWriter::count).toList();
        Set<String> wrong = new TreeSet<>();
        awaitEmpty(BACK_MAX, wrong, "persistent instances: ", () -> {
            wrong.clear();
            for (int i = 0; i < writers.size(); i++) {
                DurableWriter writer = writers.get(i);
                nodeAddresses().forEach(node -> note(wrong, "at " + node, writer.difference(node)));
                note(wrong, "writer " + i, writer.count() > before.get(i) ? "" : "nothing new is taken");
            }
            return wrong.isEmpty();
        });
    }

    private static void note(Set<String> wrong, String where, String what) {
        if (!what.isEmpty()) {
            wrong.add(where + ": " + what);
        }
    }

    /** Waits for a condition that leaves in a set what does not hold yet. */
    private static void awaitEmpty(Duration max, Set<String> left, String what, BooleanSupplier condition) {
        try {
            Await.until(what, max, condition);
        } catch (AssertionError e) {
            throw new AssertionError("not within " + max + ": " + what + left, e);
        }
    }

    private List<String> nodeAddresses() {
        return cluster.nodes().stream().map(RegistryProcess::address).toList();
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    /** A fault lasts for a time: there is nothing to wait for. */
    private static void sleep(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(Math.max(0, millis));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
