package io.registry.distro.sim;

import io.registry.distro.DistroChange;
import io.registry.distro.DistroListener;
import io.registry.distro.DistroPorts;
import io.registry.distro.DistroProtocol;
import io.registry.distro.Kept;
import io.registry.distro.member.Member;
import io.registry.distro.message.DistroMessage;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.ClientKind;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.NodeId;
import io.registry.distro.port.Cancellable;
import io.registry.distro.sim.engine.SimClock;
import io.registry.distro.sim.engine.SimProcess;
import io.registry.distro.testkit.Parts;
import io.registry.distro.testkit.PartsPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One process of a node, from its start to its end: the protocol, the connections that it holds, and what it does about
 * beats. Whatever reaches it comes through {@link #turn}, so that a process which is over does nothing any more, and
 * one that stands still does it later.
 */
public final class NodeLife implements DistroListener<String, Parts> {

    private static final long SNAPSHOT_MILLIS = 10_000;
    private static final long RESET_MILLIS = 300;
    private static final int RESETS_AT_ONCE = 2;

    /** How long a node that leaves stays for what changed last on it to arrive at the others. */
    private static final long ACKNOWLEDGED_MILLIS = 4_000;

    private static final long LEAVE_MILLIS_MAX = 20_000;

    private final SimWorld world;
    private final SimNode node;
    private final long incarnation;
    private final SimProcess process;
    private final SimClock clock;
    private final DistroProtocol<String, Parts> protocol;
    private final BeatSide beats;
    private final OrphanSide orphans;
    private final Checks.OfLife checks;
    private final Map<ClientId, Connection> connections = new LinkedHashMap<>();
    private boolean leaving;

    NodeLife(SimWorld world, SimNode node, long incarnation) {
        this.world = world;
        this.node = node;
        this.incarnation = incarnation;
        this.process = new SimProcess(world.loop());
        this.clock = new SimClock(world.loop(), node.wall());
        this.checks = world.checks().ofLife(this);
        DistroPorts<String, Parts> ports = new DistroPorts<>(
                new PartsPort(),
                this::send,
                clock,
                this::after,
                world.chance().of("jitter of " + node.id() + " " + incarnation)::upTo,
                client -> heardLately(client));
        this.protocol =
                world.protocols().make(node.id(), incarnation, world.plan().config(), ports, this);
        this.orphans = new OrphanSide(protocol);
        this.beats = new BeatSide(protocol, clock);
    }

    void begin(Collection<NodeId> members, List<Kept<Parts>> kept) {
        protocol.start(members, kept);
        every(1_000, beats::sweep);
        every(SNAPSHOT_MILLIS, this::keep);
    }

    void end() {
        process.end();
        protocol.stop();
        List.copyOf(connections.values()).forEach(Connection::serverDied);
    }

    /** Returns which node it is. */
    public NodeId id() {
        return node.id();
    }

    /** Returns the incarnation. */
    public long incarnation() {
        return incarnation;
    }

    /** Returns the protocol that it runs. */
    public DistroProtocol<String, Parts> protocol() {
        return protocol;
    }

    BeatSide beats() {
        return beats;
    }

    /** Returns the living records, by client. */
    public List<DistroRecord<Parts>> records() {
        List<DistroRecord<Parts>> records = new ArrayList<>();
        protocol.forEachRecord(records::add);
        records.sort(Comparator.comparing(DistroRecord::client));
        return records;
    }

    /** Returns whether it is over. */
    public boolean isOver() {
        return process.isOver();
    }

    /** Returns whether it serves. */
    public boolean isReady() {
        return !process.isOver() && protocol.isReady();
    }

    /** Returns whether it is about to stop. */
    public boolean isLeaving() {
        return leaving;
    }

    /** Returns whether it takes new connections. */
    boolean accepts() {
        return isReady() && !leaving;
    }

    /** Does something now, or when it runs again, or never if it is over by then. */
    void turn(Runnable task) {
        process.turn(task);
    }

    /** Stands still for a while. */
    void pause(long millis) {
        process.pause(millis);
    }

    void receive(DistroMessage<String, Parts> message) {
        turn(() -> {
            if (message instanceof DistroMessage.Digest || message instanceof DistroMessage.SyncAck) {
                world.trace().count(id(), "message", MessageSums.of(message));
            } else {
                world.trace().note(id(), "message", Shown.of(message), MessageSums.of(message));
            }
            world.anomalies().received(message, protocol);
            protocol.onMessage(message);
        });
    }

    /** Takes a connection, or returns null where it is refused. */
    @Nullable
    Connection open(ConnectionClientModel client, ClientId clientId) {
        if (!accepts()) {
            return null;
        }
        Connection connection = new Connection(world, client, this, clientId);
        connections.put(clientId, connection);
        return connection;
    }

    /**
     * Publishes over a connection.
     *
     * @return false where the connection is over
     */
    boolean publish(Connection connection, Parts puts, List<String> removed) {
        if (connections.get(connection.id()) != connection) {
            return false;
        }
        DistroRecord<Parts> before = protocol.record(connection.id());
        Parts data = before == null || before.data() == null ? Parts.EMPTY : before.data();
        List<String> changed = new ArrayList<>(removed);
        changed.addAll(puts.values().keySet());
        Parts after = new PartsPort().patched(data, puts, removed);
        connection.says(after);
        world.anomalies().changed(changed.size());
        if (!protocol.publish(connection.id(), ClientKind.CONNECTION, after, changed)) {
            throw new Violation("the owner refuses its own connection " + connection.id());
        }
        return true;
    }

    /** A connection has come to its end here. */
    void ended(Connection connection, boolean drained) {
        if (connections.remove(connection.id()) == null) {
            return;
        }
        world.trace().note(id(), drained ? "drained" : "closed", connection.id(), connection.number());
        world.checks().ended(connection.id(), drained);
        if (drained) {
            protocol.drained(connection.id());
        } else {
            protocol.disconnected(connection.id());
        }
    }

    boolean holds(Connection connection) {
        return !process.isOver() && connections.get(connection.id()) == connection;
    }

    @Nullable
    Connection connection(ClientId client) {
        return connections.get(client);
    }

    List<Connection> connections() {
        return List.copyOf(connections.values());
    }

    /** Asks connections to go elsewhere. */
    void reset(int count) {
        connections.values().stream().limit(count).toList().forEach(Connection::reset);
    }

    /** Stops in order: says so, sends the connections elsewhere in small groups, and is over soon after. */
    void leave(Runnable whenOver) {
        if (leaving) {
            return;
        }
        leaving = true;
        world.trace().note(id(), "leave", "incarnation " + incarnation, incarnation);
        protocol.leave();
        long latestMillis = world.loop().nowMillis() + LEAVE_MILLIS_MAX;
        resetAll(latestMillis, () -> {
            keep();
            node.crash();
            whenOver.run();
        });
    }

    private void resetAll(long latestMillis, Runnable done) {
        if (!connections.isEmpty() && world.loop().nowMillis() < latestMillis) {
            reset(RESETS_AT_ONCE);
            after(Duration.ofMillis(RESET_MILLIS), () -> resetAll(latestMillis, done));
        } else {
            after(Duration.ofMillis(ACKNOWLEDGED_MILLIS), done);
        }
    }

    @Override
    public void changed(DistroChange<String, Parts> change) {
        world.trace().note(id(), "change", Shown.of(change), MessageSums.of(change));
        checks.changed(change);
        beats.changed(change);
        orphans.changed(change);
    }

    @Override
    public void memberChanged(Member member) {
        world.trace().note(id(), "member", member, member.incarnation());
    }

    @Override
    public void doubtful(ClientId client) {
        beats.mustRegister(client);
    }

    @Override
    public void ready() {
        world.trace().note(id(), "ready", "incarnation " + incarnation, incarnation);
    }

    /** Takes note of what a check says every second. */
    void audit() {
        checks.audit();
    }

    private boolean heardLately(ClientId client) {
        return beats.heardLately(client);
    }

    private void send(NodeId peer, DistroMessage<String, Parts> message) {
        world.anomalies().sent(message);
        world.network().send(id(), peer, () -> {
            SimNode to = world.node(peer);
            NodeLife there = to == null ? null : to.life();
            if (there != null) {
                there.receive(message);
            }
        });
    }

    private Cancellable after(Duration delay, Runnable task) {
        return process.after(delay.toMillis(), task);
    }

    private void every(long millis, Runnable task) {
        after(Duration.ofMillis(millis), () -> {
            task.run();
            every(millis, task);
        });
    }

    private void keep() {
        node.keep(protocol);
    }
}
