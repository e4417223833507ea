package io.registry.server.fault;

import io.registry.server.testkit.Envelope;
import io.registry.server.testkit.Message;
import io.registry.server.testkit.SdkConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A naming client of gRPC that is small enough to have hundreds of. It keeps one connection, moves to another node where it
 * is told to, where the connection ends, and where no sign of life comes, and then says again what it wants: up to three
 * seconds later, as released clients do, which look for that every three seconds.
 *
 * <p><b>Threading</b>: any thread may call. One thread of its own keeps the connection.
 */
final class LightClient implements Participant {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration ANSWER_MAX = Duration.ofSeconds(3);
    private static final int REDO_MILLIS = 3_000;
    private static final int ALIVE_MILLIS = 5_000;
    private static final int LOOK_MILLIS = 100;

    private final List<String> addresses;
    private final Random random;
    private final Teller teller;
    private final Map<String, View> known = new ConcurrentHashMap<>();

    /** Guards what is wanted, and that one request at a time says it. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<String, Set<String>> published = new TreeMap<>();
    private final Set<String> followed = new TreeSet<>();
    private @Nullable SdkConnection connection;

    /** Released to have the thread look for another node. */
    private final Semaphore move = new Semaphore(0);

    /** What made it move so far, for whoever wonders why it is away. */
    private final Map<String, Integer> moves = new ConcurrentSkipListMap<>();

    private final Thread keeper;
    private volatile boolean closed;
    private volatile long awaySinceNanos;
    private volatile long longestAwayNanos;
    private int node;

    /** Is told every list that a client gets, pushed or asked for. */
    interface Teller {
        void told(String service, Set<String> addresses);
    }

    /**
     * Makes a client and begins to connect.
     *
     * @param addresses of the nodes, {@code host:port}; the first one is the first to be tried
     */
    LightClient(List<String> addresses, long seed, Teller teller) {
        this.addresses = List.copyOf(addresses);
        this.random = new Random(seed);
        this.teller = teller;
        this.awaySinceNanos = System.nanoTime();
        this.keeper = new Thread(null, this::keep, "light-client", 256 << 10);
        keeper.setDaemon(true);
        keeper.start();
    }

    @Override
    public void register(String service, String ip, int port) {
        Set<String> all = new TreeSet<>(publishedOf(service));
        all.add(ip + ":" + port);
        publish(service, all);
    }

    @Override
    public void deregister(String service, String ip, int port) {
        Set<String> all = new TreeSet<>(publishedOf(service));
        all.remove(ip + ":" + port);
        publish(service, all);
    }

    private Set<String> publishedOf(String service) {
        lock.lock();
        try {
            return published.getOrDefault(service, Set.of());
        } finally {
            lock.unlock();
        }
    }

    /** Publishes these addresses of a service and no others; tells whether a node has acknowledged it. */
    boolean publish(String service, Set<String> all) {
        lock.lock();
        try {
            Set<String> before = published.getOrDefault(service, Set.of());
            if (all.isEmpty()) {
                published.remove(service);
            } else {
                published.put(service, new TreeSet<>(all));
            }
            SdkConnection current = connection;
            return current != null
                    && said(() -> all.isEmpty() ? withdraw(current, service, before) : say(current, service, all));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void follow(String service) {
        lock.lock();
        try {
            followed.add(service);
            SdkConnection current = connection;
            if (current != null) {
                said(() -> subscribe(current, service));
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Set<String> known(String service) {
        View view = known.get(service);
        return view == null ? Set.of() : view.addresses;
    }

    /** Tells whether it is connected and has said all that it wants. */
    boolean isSettled() {
        return awaySinceNanos == 0;
    }

    /** Returns the longest time that it took to be connected again and to have said all that it wants. */
    Duration longestAway() {
        long since = awaySinceNanos;
        return Duration.ofNanos(Math.max(longestAwayNanos, since == 0 ? 0 : System.nanoTime() - since));
    }

    @Override
    public String toString() {
        return "light client of " + addresses + ", " + moves;
    }

    /** Begins to end, without waiting for it. */
    void end() {
        closed = true;
        move.release();
    }

    @Override
    public void close() {
        end();
        try {
            keeper.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void keep() {
        SdkConnection current = null;
        while (!closed) {
            SdkConnection next = connect();
            if (current != null && (next != null || current.ended())) {
                current.abandon();
                current = null;
            }
            if (next != null) {
                current = next;
                if (redo(next)) {
                    away(false);
                    watch(next);
                    away(true);
                    forget();
                }
            }
        }
        if (current != null) {
            current.abandon();
        }
    }

    private void away(boolean now) {
        long since = awaySinceNanos;
        if (now) {
            awaySinceNanos = System.nanoTime();
        } else if (since != 0) {
            longestAwayNanos = Math.max(longestAwayNanos, System.nanoTime() - since);
            awaySinceNanos = 0;
        }
    }

    private @Nullable SdkConnection connect() {
        String address = addresses.get(node++ % addresses.size());
        String host = address.substring(0, address.indexOf(':'));
        SdkConnection next = SdkConnection.openAt(host, Integer.parseInt(address.substring(host.length() + 1)) + 1000);
        CompletableFuture<Message> setUp = new CompletableFuture<>();
        next.handPushesTo(push -> {
            switch (push.type()) {
                case "SetupAckRequest" -> setUp.complete(push);
                case "ConnectResetRequest" -> move.release();
                case "NotifySubscriberRequest" -> told(push);
                default -> {}
            }
        });
        boolean connected = answered(() -> {
            boolean there = isSuccess(await(next.requestAsync("ServerCheckRequest", "{\"module\":\"internal\"}")));
            if (there) {
                next.setup(SdkConnection.SETUP);
                await(setUp);
            }
            return there;
        });
        if (connected) {
            return next;
        }
        moves.merge("no connection to " + address, 1, Integer::sum);
        next.abandon();
        move.drainPermits();
        pause(200 + random.nextInt(300));
        return null;
    }

    private boolean redo(SdkConnection next) {
        move.drainPermits();
        pause(random.nextInt(REDO_MILLIS));
        lock.lock();
        try {
            boolean done = answered(() -> {
                for (Map.Entry<String, Set<String>> each : published.entrySet()) {
                    if (!say(next, each.getKey(), each.getValue())) {
                        return false;
                    }
                }
                for (String service : followed) {
                    if (!subscribe(next, service)) {
                        return false;
                    }
                }
                return true;
            });
            connection = done ? next : null;
            if (!done) {
                moves.merge("what it wants was not taken", 1, Integer::sum);
            }
            return done;
        } finally {
            lock.unlock();
        }
    }

    private void watch(SdkConnection current) {
        long asked = System.nanoTime();
        String why = "its connection ended";
        while (!closed && !current.ended()) {
            if (pause(LOOK_MILLIS)) {
                why = "it was told to, or was not answered";
                break;
            }
            if (System.nanoTime() - asked > TimeUnit.MILLISECONDS.toNanos(ALIVE_MILLIS)) {
                asked = System.nanoTime();
                if (!answered(() ->
                        isSuccess(await(current.requestAsync("HealthCheckRequest", "{\"module\":\"internal\"}"))))) {
                    why = "no sign of life came";
                    break;
                }
            }
        }
        moves.merge(why, 1, Integer::sum);
    }

    private void forget() {
        lock.lock();
        try {
            connection = null;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a time, or until it is to move or to end; tells whether it is. */
    private boolean pause(int millis) {
        try {
            return move.tryAcquire(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private boolean say(SdkConnection to, String service, Set<String> all) {
        List<Map<String, Object>> instances = new ArrayList<>();
        all.forEach(address -> instances.add(instance(address)));
        return ask(to, "BatchInstanceRequest", service, "type", "batchRegisterInstance", "instances", instances);
    }

    private boolean withdraw(SdkConnection to, String service, Set<String> before) {
        return before.isEmpty()
                || ask(
                        to,
                        "InstanceRequest",
                        service,
                        "type",
                        "deregisterInstance",
                        "instance",
                        instance(before.iterator().next()));
    }

    private boolean subscribe(SdkConnection to, String service) {
        Message answer =
                await(to.requestAsync(request("SubscribeServiceRequest", service, "subscribe", true, "clusters", "")));
        if (isSuccess(answer)) {
            told(answer);
        }
        return isSuccess(answer);
    }

    private static boolean ask(SdkConnection to, String type, String service, Object... more) {
        return isSuccess(await(to.requestAsync(request(type, service, more))));
    }

    private void told(Message list) {
        String service = list.serviceInfo().required("name").asString();
        Set<String> told = new TreeSet<>(list.addresses());
        // An answer may be older than a push that has overtaken it. The nodes have one clock here.
        known.merge(
                service,
                new View(list.lastRefTime(), told),
                (before, after) -> before.atMillis > after.atMillis ? before : after);
        teller.told(service, told);
    }

    private static Map<String, Object> instance(String address) {
        int colon = address.indexOf(':');
        Map<String, Object> instance = new LinkedHashMap<>();
        instance.put("ip", address.substring(0, colon));
        instance.put("port", Integer.parseInt(address.substring(colon + 1)));
        instance.put("weight", 1.0);
        instance.put("healthy", true);
        instance.put("enabled", true);
        instance.put("ephemeral", true);
        instance.put("metadata", Map.of());
        return instance;
    }

    private static byte[] request(String type, String service, Object... more) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("headers", Map.of());
        body.put("namespace", "public");
        body.put("serviceName", service);
        body.put("groupName", "DEFAULT_GROUP");
        for (int i = 0; i < more.length; i += 2) {
            body.put((String) more[i], more[i + 1]);
        }
        body.put("module", "naming");
        return Envelope.of(type, Map.of("app", "unknown"), SdkConnection.CLIENT_IP, JSON.writeValueAsString(body))
                .encoded();
    }

    private static boolean isSuccess(Message answer) {
        return !answer.type().equals("ErrorResponse") && answer.resultCode() == 200;
    }

    private static Message await(CompletableFuture<Message> answer) {
        try {
            return answer.get(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new CompletionException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Says what is wanted on the connection that there is; where that fails, this is no connection to stay with. */
    private boolean said(Saying saying) {
        boolean done = answered(saying);
        if (!done) {
            move.release();
        }
        return done;
    }

    private static boolean answered(Saying saying) {
        try {
            return saying.run();
        } catch (CompletionException e) {
            return false;
        }
    }

    private record View(long atMillis, Set<String> addresses) {}

    private interface Saying {
        boolean run();
    }
}
