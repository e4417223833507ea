package io.registry.server.grpc;

import io.grpc.Attributes;
import io.grpc.Status;
import io.registry.distro.model.ClientId;
import io.registry.proto.envelope.OutboundEnvelope;
import io.registry.server.core.access.Principal;
import io.registry.server.core.event.Origin;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One transport and, once its client has set it up, one client of this node.
 *
 * <p><b>Threading</b>: {@link ConnectionManager} moves it from state to state, forwards only; the marks are volatile and
 * may be set by any thread.
 */
final class Connection {

    /** Where the connection of a transport is kept; present in the attributes of every call. */
    static final Attributes.Key<Connection> KEY = Attributes.Key.create("registry-connection");

    /** How long a client may take to go: as long as to find another server that it can connect to. */
    private static final long DRAINS_WITHIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** PENDING until set up, JOINING while the core is told, REGISTERED, and at last GONE, which is final. */
    enum State {
        PENDING,
        JOINING,
        REGISTERED,
        GONE
    }

    private final ClientId client;
    private final InetSocketAddress remote;
    private final Origin origin;
    private final long openedMillis;
    private final long openedNanos;
    private final AtomicReference<State> state = new AtomicReference<>(State.PENDING);
    private final AtomicLong unfinishedBytes = new AtomicLong();
    private volatile @Nullable StreamWriter stream;
    private volatile String application = "";
    private volatile Principal user = Principal.ANONYMOUS;
    private volatile long drainedNanos;
    private volatile boolean drained;
    private volatile long activeNanos;
    private volatile long probe;
    private volatile long unreadSinceNanos;
    private volatile boolean unread;

    Connection(ClientId client, InetSocketAddress remote, long openedMillis, long nowNanos) {
        this.client = client;
        this.remote = remote;
        this.origin = Origin.of(Origin.Protocol.GRPC, remote.getAddress().getHostAddress());
        this.openedMillis = openedMillis;
        this.openedNanos = nowNanos;
        this.activeNanos = nowNanos;
    }

    /** Returns the client that this transport stands for. */
    ClientId client() {
        return client;
    }

    /** Returns the socket's other end. */
    InetSocketAddress remote() {
        return remote;
    }

    /** Returns who asks for what comes over it, for the record. */
    Origin origin() {
        return origin;
    }

    /** Returns the other end's address without port. */
    String remoteIp() {
        return remote.getAddress().getHostAddress();
    }

    /** Returns when the transport was made, in wall-clock milliseconds. */
    long openedMillis() {
        return openedMillis;
    }

    /** Returns how long ago the transport was made. */
    long ageNanos(long nowNanos) {
        return nowNanos - openedNanos;
    }

    /** Returns where it is in its life. */
    State state() {
        return Objects.requireNonNull(state.get());
    }

    /** Returns whether its client is known to the core. */
    boolean registered() {
        return state.get() == State.REGISTERED;
    }

    /** Moves on, if it is where it is believed to be. */
    boolean move(State from, State to) {
        return state.compareAndSet(from, to);
    }

    /** Ends it, and returns where it was. */
    State end() {
        return Objects.requireNonNull(state.getAndSet(State.GONE));
    }

    /** Takes the stream and what is counted of its client. Before JOINING ends. */
    void joined(StreamWriter joinedStream, String joinedApplication) {
        stream = joinedStream;
        application = joinedApplication;
    }

    /** Takes note of who has asked for something and was let in. */
    void usedBy(Principal caller) {
        if (caller.isKnown() && !caller.equals(user)) {
            user = caller;
        }
    }

    /** Returns the last user who was let in; anonymous where none was. */
    Principal user() {
        return user;
    }

    /** Returns its stream; null before it is set up. */
    @Nullable
    StreamWriter stream() {
        return stream;
    }

    /** Returns its application's name, as the client gave it; empty before it is set up. */
    String application() {
        return application;
    }

    /** Writes to its stream; nothing happens where there is none. */
    void write(OutboundEnvelope message) {
        StreamWriter to = stream;
        if (to != null) {
            to.write(message);
        }
    }

    /** Ends its stream; nothing happens where there is none. */
    void endStream(Status status) {
        StreamWriter to = stream;
        if (to != null) {
            to.end(status);
        }
    }

    /** Marks that this node has told the client to go, so that its going is not its failure. */
    void markDrained(long nowNanos) {
        drainedNanos = nowNanos;
        drained = true;
    }

    /** Returns whether this node has told the client to go, lately: who has stayed since then goes for its own reasons. */
    boolean drained(long nowNanos) {
        return drained && nowNanos - drainedNanos < DRAINS_WITHIN_NANOS;
    }

    /** Marks a sign of life. */
    void active(long nowNanos) {
        activeNanos = nowNanos;
    }

    /** Returns when the last sign of life came. */
    long activeNanos() {
        return activeNanos;
    }

    /** Remembers the probe that waits for its answer; 0 for none. */
    void probe(long id) {
        probe = id;
    }

    /** Returns the probe that waits for its answer; 0 for none. */
    long probe() {
        return probe;
    }

    /** Counts bytes of its messages that are not complete, or that go; returns how many there are then. */
    long addUnfinished(long bytes) {
        return unfinishedBytes.addAndGet(bytes);
    }

    /** Returns how many bytes of its messages are kept that are not complete. */
    long unfinishedBytes() {
        return unfinishedBytes.get();
    }

    /** Looks at the stream and returns for how long, by such looks, the client has not read what waits in it. */
    long unreadNanos(long nowNanos) {
        StreamWriter of = stream;
        if (of == null || of.isReady()) {
            unread = false;
            return 0;
        }
        if (!unread) {
            unreadSinceNanos = nowNanos;
            unread = true;
        }
        return nowNanos - unreadSinceNanos;
    }

    /** Marks that the client has read what waited. */
    void read() {
        unread = false;
    }
}
