package io.registry.client.redo;

import io.registry.api.error.RegistryException;
import io.registry.client.access.TokenSource;
import io.registry.client.grpc.GrpcClient;
import io.registry.client.grpc.GrpcConnection;
import io.registry.client.runtime.ClientCounters;
import io.registry.client.runtime.ClientLoop;
import io.registry.client.runtime.Outcome;
import io.registry.proto.codec.MalformedBodyException;
import io.registry.proto.codec.PayloadDecoder;
import io.registry.proto.envelope.Envelope;
import io.registry.proto.payload.Ack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the server's state what the application wants: at once where something changes or a connection is new, and every
 * few seconds for what went wrong. For each entry one request is under way at a time.
 *
 * <p>What the server refuses for good reason is not asked again on the same connection, unless the application wants
 * something else by then. Whoever waits for a refused change is told, and the change is taken back; where nobody waits,
 * because it is the repetition of an earlier success, it stays wanted and shows in the status.
 *
 * <p><b>Threading</b>: for the client loop.
 */
public final class RedoService {

    private static final Logger log = LoggerFactory.getLogger(RedoService.class);

    /** How many requests are under way at once: enough to keep a server busy, and few enough that each is in time. */
    private static final int IN_FLIGHT_MAX = 128;

    private final ClientLoop loop;
    private final GrpcClient client;
    private final TokenSource tokens;
    private final Duration interval;
    private final ClientCounters counters;
    private final Map<Object, RedoEntry> entries = new LinkedHashMap<>();
    private final Set<RedoEntry> queue = new LinkedHashSet<>();
    private int inFlight;
    private boolean closed;

    /** Makes a service that does nothing before {@link #start}. */
    public RedoService(
            ClientLoop loop, GrpcClient client, TokenSource tokens, Duration interval, ClientCounters counters) {
        this.loop = loop;
        this.client = client;
        this.tokens = tokens;
        this.interval = interval;
        this.counters = counters;
    }

    /** Begins to look after the entries, until {@link #close}. */
    public void start() {
        loop.after(interval, this::tick);
    }

    /** Ends all work. */
    public void close() {
        closed = true;
        queue.clear();
    }

    /** Returns all entries. */
    public Collection<RedoEntry> entries() {
        return entries.values();
    }

    /** Returns the entry of a key, or null. */
    public @Nullable RedoEntry entry(Object key) {
        return entries.get(key);
    }

    /** Adds an entry that something is wanted of. */
    public void add(Object key, RedoEntry entry) {
        entry.key = key;
        entries.put(key, entry);
    }

    /** Says that something else is wanted of an entry; returns what is completed when the server has it. */
    public CompletableFuture<Void> changed(RedoEntry entry) {
        loop.assertInLoop();
        entry.changed();
        CompletableFuture<Void> done = entry.await();
        drive(entry);
        return done;
    }

    /** Returns what is completed when the server has what is wanted of an entry. */
    public CompletableFuture<Void> await(RedoEntry entry) {
        CompletableFuture<Void> done = entry.await();
        drive(entry);
        return done;
    }

    /** Says that a connection is new: everything is asked for on it, registrations first. */
    public void connected() {
        queue.clear();
        List<RedoEntry> all = new ArrayList<>(entries.values());
        all.sort(Comparator.comparingInt(RedoEntry::order));
        all.forEach(this::drive);
    }

    /** Says that what was refused may be granted now. */
    public void permissionsChanged() {
        for (RedoEntry entry : List.copyOf(entries.values())) {
            entry.refusedOn = null;
            drive(entry);
        }
    }

    private void tick() {
        if (!closed) {
            List.copyOf(entries.values()).forEach(this::drive);
            loop.after(interval, this::tick);
        }
    }

    private void drive(RedoEntry entry) {
        if (entry.inFlight || closed) {
            return;
        }
        GrpcConnection connection = client.connection();
        if (entry.unwanted() && (connection == null || entry.sentOn != connection)) {
            // No connection in use has anything of it.
            remove(entry);
            return;
        }
        if (connection == null) {
            return;
        }
        if (entry.satisfied(connection)) {
            if (entry.unwanted()) {
                remove(entry);
            } else {
                succeed(entry.take(entry.wanted));
            }
            return;
        }
        if (entry.refusedOn == connection && entry.refusedVersion == entry.wanted) {
            return;
        }
        if (inFlight >= IN_FLIGHT_MAX) {
            queue.add(entry);
            return;
        }
        send(entry, connection);
    }

    private void send(RedoEntry entry, GrpcConnection connection) {
        long version = entry.wanted;
        inFlight++;
        entry.inFlight = true;
        if (entry.sentVersion == version) {
            counters.repeated();
        }
        entry.sentVersion = version;
        entry.sentOn = connection;
        Outcome.of(client.request(entry.request(), tokens.headers()), (answer, failure) -> {
            inFlight--;
            entry.inFlight = false;
            if (client.connection() != connection) {
                drive(entry);
            } else if (failure != null) {
                RegistryException cause = failure instanceof RegistryException known
                        ? known
                        : Failures.unreachable(String.valueOf(failure.getMessage()));
                fail(entry.take(version), cause);
            } else {
                answered(entry, connection, version, answer);
            }
            next();
        });
    }

    private void next() {
        while (inFlight < IN_FLIGHT_MAX && !queue.isEmpty()) {
            RedoEntry entry = queue.iterator().next();
            queue.remove(entry);
            drive(entry);
        }
    }

    private void answered(RedoEntry entry, GrpcConnection connection, long version, Envelope answer) {
        Ack ack;
        try {
            ack = PayloadDecoder.decodeAck(answer);
        } catch (MalformedBodyException e) {
            ack = new Ack(answer.type(), Ack.FAILURE, 0, "malformed answer: " + e.getMessage(), null);
        }
        if (ack.succeeded()) {
            entry.acknowledged = version;
            entry.acknowledgedOn = connection;
            if (entry.refusal() != null) {
                log.info("no longer refused: {}", entry.subject());
                entry.refuse(null);
            }
            entry.accepted(connection, answer);
            succeed(entry.take(version));
            drive(entry);
            return;
        }
        if (GrpcClient.isUnregistered(ack)) {
            client.unregistered(connection);
            return;
        }
        RegistryException failure = Failures.of(ack);
        if (Failures.isDenied(ack)) {
            tokens.denied();
        }
        List<CompletableFuture<Void>> waiting = entry.take(version);
        if (Failures.isForGood(ack)) {
            counters.refused();
            refused(entry, connection, version, !waiting.isEmpty(), failure);
        }
        // After the change was taken back, so that whoever is told finds things as they are.
        fail(waiting, failure);
    }

    private void refused(
            RedoEntry entry, GrpcConnection connection, long version, boolean told, RegistryException failure) {
        if (told && entry.wanted == version) {
            boolean had = entry.acknowledgedOn == connection;
            entry.revert();
            entry.changed();
            if (had) {
                entry.acknowledged = entry.wanted;
            } else if (entry.unwanted()) {
                entry.sentOn = null;
            }
            drive(entry);
            return;
        }
        entry.refusedOn = connection;
        entry.refusedVersion = version;
        if (entry.refusal() == null) {
            log.warn("refused by the server, not repeated: {} cause={}", entry.subject(), failure.getMessage());
        }
        entry.refuse(failure.getMessage());
        drive(entry);
    }

    private void remove(RedoEntry entry) {
        if (entry.key != null) {
            entries.remove(entry.key, entry);
        }
        succeed(entry.take(entry.wanted));
    }

    private static void succeed(List<CompletableFuture<Void>> waiting) {
        waiting.forEach(each -> each.complete(null));
    }

    private static void fail(List<CompletableFuture<Void>> waiting, RegistryException failure) {
        waiting.forEach(each -> each.completeExceptionally(failure));
    }
}
