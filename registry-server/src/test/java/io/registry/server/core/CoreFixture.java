package io.registry.server.core;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroConfig;
import io.registry.distro.DistroProtocol;
import io.registry.distro.Kept;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.NodeId;
import io.registry.server.core.client.BeatMonitor;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.client.ClientManager;
import io.registry.server.core.client.ConnectionDetails;
import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.core.cluster.Membership;
import io.registry.server.core.cluster.PeerCallException;
import io.registry.server.core.cluster.PeerCalls;
import io.registry.server.core.event.EventBus;
import io.registry.server.core.event.Origin;
import io.registry.server.core.event.RegistryEvent;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.loss.LossGuard;
import io.registry.server.core.loss.LossGuardConfig;
import io.registry.server.core.operate.NodeLimits;
import io.registry.server.core.operate.Operators;
import io.registry.server.core.persistent.PersistentStore;
import io.registry.server.core.persistent.Switches;
import io.registry.server.core.push.FuzzyWatch;
import io.registry.server.core.push.Push;
import io.registry.server.core.push.PushConfig;
import io.registry.server.core.push.PushService;
import io.registry.server.core.push.Pusher;
import io.registry.server.core.service.OverrideWatch;
import io.registry.server.core.service.ServiceManager;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The whole core of a node, on time that the test moves by hand. */
@SuppressWarnings("FutureReturnValueIgnored") // on manual time every stage is complete when the call returns
public final class CoreFixture {

    /** How long an instance may be away and still be the same. */
    public static final Duration INCARNATION_GAP = Duration.ofSeconds(60);

    /** Who registers and deregisters, where it does not matter who. */
    public static final Origin CALLER = Origin.of(Origin.Protocol.HTTP, "127.0.0.1");

    /** Whether the node hears a majority of the others. */
    public boolean majority = true;

    /** Whether the node says that it serves. */
    public boolean serving = true;

    /** Whether the log takes commands. */
    public boolean logInOrder = true;

    /** Is told of all events. */
    public Consumer<RegistryEvent> witness = event -> {};

    public final ManualTime time = new ManualTime();
    public final RegistryLoop loop = new RegistryLoop(time, 1_000);
    public final EventBus events;
    public final PersistentStore store;
    public final Switches switches;
    public final LossGuard guard;
    public final ServiceManager services;
    public final BeatMonitor beats;
    public final DistroProtocol<ServiceKey, ClientData> distro;
    public final ClientManager clients;
    public final PushService pushes;
    public final FuzzyWatch watches;
    public final Operators operators;

    public CoreFixture() {
        this(DistroConfig.defaults());
    }

    public CoreFixture(DistroConfig config) {
        this(config, LossGuardConfig.defaults());
    }

    public CoreFixture(DistroConfig config, LossGuardConfig losses) {
        Foundation foundation = Foundation.over(loop, time, losses);
        events = foundation.events();
        store = foundation.store();
        switches = foundation.switches();
        guard = foundation.guard();
        services = foundation.services();
        beats = foundation.beats();
        NodeId self = new NodeId("n1");
        distro = new DistroProtocol<>(
                self, 1, config, foundation.ports((peer, message) -> {}, bound -> 0), foundation.replicas());
        UnkeptLog log = new UnkeptLog(loop, store, services::changed, () -> logInOrder);
        PeerCalls peers = (peer, command, deadline) -> CompletableFuture.failedFuture(
                new PeerCallException(PeerCallException.Reason.UNREACHED, "there is no other node"));
        Core core = Core.over(
                foundation,
                self,
                distro,
                new Core.Surroundings(
                        new Lone(self), peers, log, () -> time.monotonicMillis() * 1_000_000, new NoFigures()),
                PushConfig.defaults(),
                new NodeLimits(100, 1_000, 200));
        clients = core.clients();
        pushes = core.pushes();
        watches = core.watches();
        operators = core.operators();
        OverrideWatch overrides = new OverrideWatch(
                loop, time, services, store, log, () -> serving, () -> majority, INCARNATION_GAP, config.ownerLease());
        core.connect(List.of(overrides, event -> witness.accept(event)));
        overrides.start();
    }

    /** A node that stands alone. */
    public record Lone(NodeId self) implements Membership {

        @Override
        public List<ClusterMember> members() {
            return List.of(new ClusterMember(self, "127.0.0.1:1", "127.0.0.1:2", ""));
        }

        @Override
        public Optional<NodeId> leader() {
            return Optional.of(self);
        }

        @Override
        public void listen(Listener listener) {}
    }

    /** Starts the node, alone, with what it knew before. */
    public void start(Collection<Kept<ClientData>> kept) {
        distro.start(List.of(new NodeId("n1")), kept);
    }

    /** Connects a client whose pushes are kept. */
    public Receiver connect(String id) {
        Receiver receiver = new Receiver(new ClientId(id));
        operators
                .connections()
                .connected(
                        receiver.client,
                        new ConnectionDetails("127.0.0.1", 1, "127.0.0.1", "test", "unknown", Map.of(), 0),
                        receiver);
        return receiver;
    }

    public static ServiceKey service(String name) {
        return new ServiceKey("public", "DEFAULT_GROUP", name);
    }

    public static Instance instance(String ip, int port) {
        return new Instance("", ip, port, 1, true, true, true, "DEFAULT", Map.of());
    }

    /** Returns the addresses that a service shows, in order. */
    public List<String> shown(ServiceKey service) {
        return services.viewOrAbsent(service).instances().stream()
                .map(Instance::address)
                .sorted()
                .toList();
    }

    /** A subscriber that keeps what it is told. */
    public static final class Receiver implements Pusher {

        public final ClientId client;
        public final List<Push> pushes = new ArrayList<>();
        public boolean ready = true;

        /** Whether what has changed is understood. */
        public boolean changes;

        /** Whether what is pushed is written at once. */
        public boolean writing = true;

        private final List<Runnable> unwritten = new ArrayList<>();

        Receiver(ClientId client) {
            this.client = client;
        }

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public void send(Push push) {
            pushes.add(push);
        }

        @Override
        public void whenWritten(Runnable task) {
            unwritten.add(task);
            if (writing) {
                write();
            }
        }

        /** Says that all that was pushed has been written. */
        public void write() {
            List<Runnable> tasks = List.copyOf(unwritten);
            unwritten.clear();
            tasks.forEach(Runnable::run);
        }

        @Override
        public boolean acknowledges() {
            return true;
        }

        @Override
        public boolean takesChanges() {
            return changes;
        }

        /** Returns the hosts of the last service push, as JSON. */
        public String lastHosts() {
            for (int i = pushes.size() - 1; i >= 0; i--) {
                if (pushes.get(i) instanceof Push.Service push) {
                    return new String(push.answer().payload().hosts(), StandardCharsets.UTF_8);
                }
            }
            throw new AssertionError("no push");
        }
    }
}
