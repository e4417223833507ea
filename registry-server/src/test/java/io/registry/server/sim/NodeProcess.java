package io.registry.server.sim;

import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroProtocol;
import io.registry.distro.Kept;
import io.registry.distro.message.DistroMessage;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.NodeId;
import io.registry.distro.port.Cancellable;
import io.registry.distro.sim.engine.SimClock;
import io.registry.distro.sim.engine.SimProcess;
import io.registry.server.core.Core;
import io.registry.server.core.Foundation;
import io.registry.server.core.balance.BalanceConfig;
import io.registry.server.core.balance.Loads;
import io.registry.server.core.balance.Rebalancer;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.client.ClientResets;
import io.registry.server.core.cluster.PeerCalls;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.operate.ConnectionOperator;
import io.registry.server.core.operate.InstanceOperator;
import io.registry.server.core.operate.NodeLimits;
import io.registry.server.core.operate.PeerDesk;
import io.registry.server.core.operate.Readiness;
import io.registry.server.core.operate.ServiceDigests;
import io.registry.server.core.operate.ServiceRepair;
import io.registry.server.core.push.PushObserver;
import io.registry.server.core.service.EmptyServiceSweep;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One process of a node, from its start to its end: the real core, and in the place of its ports the links of its clients.
 * Whatever reaches it comes through {@link #turn}, so that a process which is over does nothing any more, and one that
 * stands still does it later.
 */
final class NodeProcess {

    private static final long SNAPSHOT_MILLIS = 10_000;

    /** How long clients have to go before the port of a node that stops is closed. */
    private static final long DRAIN_MILLIS = 2_000;

    /** Shorter than usual, so that services come and go within a run. */
    private static final Duration EMPTY_SERVICE_EXPIRES = Duration.ofSeconds(20);

    private static final BalanceConfig UNBALANCED =
            new BalanceConfig(false, Duration.ofMinutes(1), 10, Duration.ofMillis(DRAIN_MILLIS));

    private static final NodeLimits LIMITS = new NodeLimits(1_000, 10_000, 100);

    private final NamingWorld world;
    private final NamingNode node;
    private final long incarnation;
    private final SimProcess process;
    private final SimClock clock;
    private final RegistryLoop loop;
    private final Foundation foundation;
    private final Core core;
    private final KnownMembers membership;
    private final PeerDesk answers;
    private final Map<ClientId, Link> links = new LinkedHashMap<>();
    private boolean draining;

    NodeProcess(NamingWorld world, NamingNode node, long incarnation) {
        this.world = world;
        this.node = node;
        this.incarnation = incarnation;
        this.process = new SimProcess(world.loop());
        this.clock = new SimClock(world.loop(), node.wall());
        this.loop = new RegistryLoop(new ProcessTime(process), 10_000);
        this.foundation = Foundation.over(loop, clock);
        this.membership = new KnownMembers(node.id(), world.members());
        DistroProtocol<ServiceKey, ClientData> distro = world.make()
                .protocols()
                .make(
                        node.id(),
                        incarnation,
                        world.plan().config(),
                        foundation.ports(
                                this::send, world.chance().of("jitter of " + node.id() + " " + incarnation)::upTo),
                        foundation.replicas());
        PeerCalls peers = new SimPeerCalls(world, this);
        Core.Surroundings around = new Core.Surroundings(
                membership, peers, new NoLog(), () -> clock.monotonicMillis() * 1_000_000, new Nobody());
        this.core =
                Core.over(foundation, node.id(), distro, around, world.make().push(), LIMITS);
        this.answers = answers(peers);
    }

    private PeerDesk answers(PeerCalls peers) {
        Loads loads = new Loads(membership, peers, core.clients(), this::isReady, () -> 0, () -> 0);
        Rebalancer rebalancer =
                new Rebalancer(loop, clock, bound -> 0, membership, loads, core.clients(), new Resets(), UNBALANCED);
        ServiceDigests digests = new ServiceDigests(loop, core.distro(), foundation.services(), membership, peers);
        ServiceRepair repair = new ServiceRepair(loop, core.distro(), foundation.services(), membership, peers);
        return new PeerDesk(core.operators().router(), digests, core.subscriberWait(), loads, rebalancer, repair);
    }

    /** Starts as a server does; the ports open when all is loaded. */
    void begin(Collection<Kept<ClientData>> kept) {
        core.connect(List.of());
        new EmptyServiceSweep(loop, clock, foundation.services(), foundation.store(), EMPTY_SERVICE_EXPIRES).start();
        core.replication().keep(kept);
        core.replication().whenReady().thenRun(this::serve);
        core.replication().start();
        if (!world.make().waits()) {
            serve();
        }
        keepLater();
    }

    private void serve() {
        world.trace().note(id(), "serves", "incarnation " + incarnation, incarnation);
        foundation.readiness().enter(Readiness.Phase.UP);
    }

    void end() {
        process.end();
        core.distro().stop();
        List.copyOf(links.values()).forEach(Link::serverDied);
    }

    NodeId id() {
        return node.id();
    }

    long incarnation() {
        return incarnation;
    }

    Core core() {
        return core;
    }

    ConnectionOperator connections() {
        return core.operators().connections();
    }

    InstanceOperator instances() {
        return core.operators().instances();
    }

    PeerDesk answers() {
        return answers;
    }

    boolean isOver() {
        return process.isOver();
    }

    boolean isDraining() {
        return draining;
    }

    /** Returns whether clients are served: the gate before every call. */
    boolean isOpen() {
        return !process.isOver() && foundation.readiness().phase() != Readiness.Phase.STARTING;
    }

    /** Returns whether callers over HTTP are served. */
    boolean isReady() {
        return !process.isOver() && foundation.readiness().isReady();
    }

    /** Returns whether the node has loaded what the others know. */
    boolean hasLoaded() {
        return core.distro().isReady();
    }

    /** Returns how many turns have thrown. */
    long failures() {
        return loop.failures();
    }

    List<Link> links() {
        return List.copyOf(links.values());
    }

    boolean holds(Link link) {
        return !process.isOver() && links.get(link.id()) == link;
    }

    /** Does something now, or when it runs again, or never if it is over by then. */
    void turn(Runnable task) {
        process.turn(task);
    }

    /** Does something later, under the same conditions. */
    Cancellable after(long millis, Runnable task) {
        return process.after(millis, task);
    }

    void pause(long millis) {
        process.pause(millis);
    }

    void receive(DistroMessage<ServiceKey, ClientData> message) {
        turn(() -> {
            world.trace().count(id(), message.getClass().getSimpleName(), message.incarnation());
            loop.post(() -> core.receive(message));
        });
    }

    void learnMembers(Collection<NodeId> members) {
        loop.post(() -> membership.learn(members));
    }

    /** Takes a connection; null where it is refused. */
    @Nullable
    Link open(SdkModel client, ClientId id) {
        if (!isOpen() || draining) {
            return null;
        }
        Link link = new Link(world, client, this, id);
        links.put(id, link);
        connections().connected(id, link.details(), link);
        return link;
    }

    /** A connection has come to its end here. */
    void ended(Link link) {
        if (links.remove(link.id()) != null) {
            boolean drained = link.isDrained() || draining;
            world.trace().note(id(), drained ? "drained" : "closed", link.id(), link.number());
            connections().gone(link.id(), drained);
        }
    }

    /** Asks connections to go elsewhere. */
    void reset(int count) {
        links.values().stream().limit(count).toList().forEach(Link::reset);
    }

    /** Stops in order, as a server does: says so, sends all connections elsewhere, and closes the port. */
    void leave(Runnable whenOver) {
        if (foundation.readiness().phase() == Readiness.Phase.STOPPING) {
            return;
        }
        world.trace().note(id(), "leave", "incarnation " + incarnation, incarnation);
        foundation.readiness().enter(Readiness.Phase.STOPPING);
        core.replication().leave();
        draining = true;
        links().forEach(Link::reset);
        leaveWithin(DRAIN_MILLIS, whenOver);
    }

    private void leaveWithin(long millis, Runnable whenOver) {
        if (!links.isEmpty() && millis > 0) {
            after(20, () -> leaveWithin(millis - 20, whenOver));
        } else {
            keep();
            node.crash();
            whenOver.run();
        }
    }

    private void send(NodeId peer, DistroMessage<ServiceKey, ClientData> message) {
        world.send(id(), peer, () -> {
            NodeProcess there = world.process(peer);
            if (there != null) {
                there.receive(message);
            }
        });
    }

    private void keepLater() {
        after(SNAPSHOT_MILLIS, () -> {
            keep();
            keepLater();
        });
    }

    private void keep() {
        node.keep(core.distro());
    }

    /** Asks clients of this process to go. */
    private final class Resets implements ClientResets {

        @Override
        public boolean reset(ClientId client, @Nullable String host, int port) {
            Link link = links.get(client);
            if (link != null) {
                link.reset();
            }
            return link != null;
        }

        @Override
        public void takeNoMore() {
            draining = true;
        }
    }

    /** Looks at no figures. */
    private static final class Nobody implements PushObserver {

        @Override
        public void sent(long sinceChangeNanos, boolean empty) {}

        @Override
        public void over(long sinceChangeNanos, boolean acknowledged) {}
    }
}
