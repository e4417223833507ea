package io.registry.server.grpc;

import io.grpc.Status;
import io.registry.distro.model.ClientId;
import io.registry.proto.codec.Pushes;
import io.registry.server.core.client.ClientResets;
import io.registry.server.core.client.ConnectionDetails;
import io.registry.server.core.client.ConnectionIds;
import io.registry.server.core.operate.ConnectionOperator;
import io.registry.server.core.push.Pusher;
import io.registry.server.grpc.Connection.State;
import io.registry.server.sockets.LogGate;
import io.registry.server.sockets.Sockets;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transports of this node, by client: takes them up to its limits, tells the core who comes and goes, and ends them.
 *
 * <p><b>Threading</b>: any thread. The states of a {@link Connection} decide who tells the core what: coming is told by
 * whoever moved it from PENDING, going by whoever found it REGISTERED, each once.
 */
public final class ConnectionManager implements ClientResets {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionManager.class);

    private final GrpcConfig.Limits limits;
    private final ConnectionOperator operator;
    private final GrpcCounters counters;
    private final Sockets sockets;
    private final Pushes pushes;
    private final LongSupplier requestIds;
    private final LongSupplier millis;
    private final LongSupplier nanos;
    private final LogGate refusalLog;
    private final ConcurrentMap<String, Connection> connections = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Integer> perAddress = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Integer> perApplication = new ConcurrentHashMap<>();
    private final AtomicInteger registered = new AtomicInteger();
    private volatile boolean draining;

    /**
     * Makes the manager.
     *
     * @param sockets ends what is not wanted
     * @param pushes writes what clients are told
     * @param requestIds numbers for what clients are told, apart from those of pushes
     * @param millis the wall clock, for ids that people read
     * @param nanos the clock that intervals are measured by
     */
    ConnectionManager(
            GrpcConfig.Limits limits,
            ConnectionOperator operator,
            GrpcCounters counters,
            Sockets sockets,
            Pushes pushes,
            LongSupplier requestIds,
            LongSupplier millis,
            LongSupplier nanos) {
        this.limits = limits;
        this.operator = operator;
        this.counters = counters;
        this.sockets = sockets;
        this.pushes = pushes;
        this.requestIds = requestIds;
        this.millis = millis;
        this.nanos = nanos;
        this.refusalLog = new LogGate(nanos);
    }

    /** Takes a new transport. Where too many wait to be set up it is closed, and stays without a client. */
    Connection opened(InetSocketAddress remote) {
        long now = millis.getAsLong();
        Connection connection = new Connection(ConnectionIds.of(now, remote), remote, now, nanos.getAsLong());
        int pending = connections.size() - registered.get();
        if (pending >= limits.pending()) {
            connection.end();
            refused("connections waiting for their setup: " + pending + " (expected: fewer than " + limits.pending()
                    + ")");
            sockets.refuse(remote);
        } else {
            connections.put(connection.client().value(), connection);
        }
        return connection;
    }

    /** Forgets a transport that has ended. */
    void closed(Connection connection) {
        connections.remove(connection.client().value(), connection);
        ended(connection);
    }

    /** Returns why a client on this transport would be refused; null where it is welcome. */
    @Nullable
    String refusal(Connection connection) {
        if (draining) {
            return "this server is stopping; use another";
        }
        int total = registered.get();
        if (total >= limits.total()) {
            return refused(over("connections", total, limits.total()));
        }
        String ip = connection.remoteIp();
        int ofAddress = perAddress.getOrDefault(ip, 0);
        if (ofAddress >= limits.perAddress()) {
            return refused(over("connections from " + ip, ofAddress, limits.perAddress()));
        }
        return null;
    }

    /**
     * Makes a transport a client. When it returns null, calls of this client are served. A client that is set up already
     * stays as it is.
     *
     * @return why it is refused; null where it is not
     */
    @Nullable
    String join(Connection connection, StreamWriter stream, ConnectionDetails details, Pusher pusher) {
        if (!connection.move(State.PENDING, State.JOINING)) {
            return connection.state() == State.GONE ? "this connection has ended; make a new one" : null;
        }
        String refusal = draining ? "this server is stopping; use another" : reserve(connection, details.appName());
        if (refusal != null) {
            connection.move(State.JOINING, State.PENDING);
            return refusal;
        }
        connection.joined(stream, details.appName());
        connection.active(nanos.getAsLong());
        operator.connected(connection.client(), details, pusher);
        counters.setups.increment();
        if (!connection.move(State.JOINING, State.REGISTERED)) {
            left(connection);
        }
        return null;
    }

    /** Takes note that the stream of a client, or its transport, has ended: the client is gone. */
    void ended(Connection connection) {
        if (connection.end() == State.REGISTERED) {
            left(connection);
        }
    }

    /** Ends a connection from this side: its stream, then its socket. */
    void evict(Connection connection, Status status) {
        ended(connection);
        connection.endStream(status);
        sockets.close(connection.remote());
    }

    @Override
    public boolean reset(ClientId client, @Nullable String host, int port) {
        Connection connection = connections.get(client.value());
        if (connection == null || !connection.registered()) {
            return false;
        }
        reset(connection, host, port);
        return true;
    }

    @Override
    public void takeNoMore() {
        draining = true;
    }

    /** Tells every client to go elsewhere, and takes no new one from now on. */
    public void drain() {
        draining = true;
        long now = nanos.getAsLong();
        for (Connection connection : connections.values()) {
            if (connection.registered() && !connection.drained(now)) {
                reset(connection, null, 0);
            } else {
                connection.markDrained(now);
            }
        }
    }

    /** Returns how many clients are connected. */
    public int count() {
        return registered.get();
    }

    /** Returns how many transports there are, those without a client included. */
    public int transports() {
        return connections.size();
    }

    /** Returns all transports as they are now. */
    Collection<Connection> all() {
        return connections.values();
    }

    private void reset(Connection connection, @Nullable String host, int port) {
        connection.markDrained(nanos.getAsLong());
        counters.resets.increment();
        String request = Long.toString(requestIds.getAsLong());
        connection.write(
                host == null
                        ? pushes.connectReset(request)
                        : pushes.connectReset(
                                request, host, port, connection.client().value()));
    }

    private void left(Connection connection) {
        registered.decrementAndGet();
        perAddress.computeIfPresent(connection.remoteIp(), ConnectionManager::oneLess);
        perApplication.computeIfPresent(connection.application(), ConnectionManager::oneLess);
        operator.gone(connection.client(), connection.drained(nanos.getAsLong()) || draining);
    }

    private @Nullable String reserve(Connection connection, String application) {
        String ip = connection.remoteIp();
        int total = registered.incrementAndGet();
        int ofAddress = perAddress.merge(ip, 1, Integer::sum);
        int ofApplication = perApplication.merge(application, 1, Integer::sum);
        String refusal = null;
        if (total > limits.total()) {
            refusal = over("connections", total - 1, limits.total());
        } else if (ofAddress > limits.perAddress()) {
            refusal = over("connections from " + ip, ofAddress - 1, limits.perAddress());
        } else if (ofApplication > limits.perApplication()) {
            refusal = over("connections of application " + application, ofApplication - 1, limits.perApplication());
        }
        if (refusal != null) {
            registered.decrementAndGet();
            perAddress.computeIfPresent(ip, ConnectionManager::oneLess);
            perApplication.computeIfPresent(application, ConnectionManager::oneLess);
            refused(refusal);
        }
        return refusal;
    }

    private static @Nullable Integer oneLess(String key, Integer count) {
        return count > 1 ? count - 1 : null;
    }

    private static String over(String what, int count, int max) {
        return what + ": " + count + " (expected: fewer than " + max + ")";
    }

    private String refused(String text) {
        counters.refusedConnections.increment();
        if (refusalLog.open()) {
            LOG.warn("connection refused, and so will be others like it: {}", text);
        }
        return text;
    }
}
