package io.registry.server.peer;

import io.registry.api.model.ServiceKey;
import io.registry.distro.message.DistroMessage;
import io.registry.distro.model.NodeId;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.core.cluster.Membership;
import io.registry.server.core.cluster.PeerCalls;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.peer.grpc.GrpcLines;
import io.registry.server.peer.http.HttpLines;
import io.registry.server.peer.line.Lines;
import io.registry.server.secret.PeerSecret;
import io.registry.server.sockets.MemberTls;
import io.registry.server.testkit.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Nodes that are nothing but what members speak over and a loop. */
final class PeerFixture implements AutoCloseable {

    /** What the nodes speak over. */
    enum Over {
        GRPC,
        HTTP
    }

    static final PeerSecret SECRET = new PeerSecret("registry", "0123456789abcdef");
    static final PeerConfig.Limits LIMITS = new PeerConfig.Limits(
            16, Duration.ofSeconds(3), 64, 1 << 20, 16, Duration.ofMillis(20), Duration.ofMillis(500));

    private final Over over;
    private final Map<NodeId, ClusterMember> addresses = new ConcurrentHashMap<>();
    private final List<TestNode> nodes = new CopyOnWriteArrayList<>();
    private final List<TestNode> strangers = new CopyOnWriteArrayList<>();

    PeerFixture(Over over) {
        this.over = over;
    }

    /** Returns the settings of a node, whose port is the same each time. */
    PeerConfig config(String id, long incarnation) {
        NodeId node = new NodeId(id);
        ClusterMember member = addresses.computeIfAbsent(node, absent -> member(id, Ports.free()));
        int port = Integer.parseInt(member.cluster().substring(member.cluster().lastIndexOf(':') + 1));
        return new PeerConfig(
                node,
                incarnation,
                SECRET,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                PeerConfig.Versions.CURRENT,
                LIMITS);
    }

    /** Returns a member whose port of either kind is this one: a node opens only one of them. */
    static ClusterMember member(String id, int port) {
        return new ClusterMember(new NodeId(id), "127.0.0.1:" + port, "127.0.0.1:" + port, "127.0.0.1:2");
    }

    /** Starts a node, and makes it a member that every member knows. */
    TestNode start(PeerConfig config) {
        return start(config, null);
    }

    /** Starts a node that encrypts, and makes it a member that every member knows. */
    TestNode start(PeerConfig config, @Nullable MemberTls tls) {
        TestNode node = new TestNode(config, tls);
        for (TestNode other : nodes) {
            node.membership.add(other.member());
            other.membership.add(node.member());
        }
        nodes.add(node);
        node.open();
        return node;
    }

    /** Starts a node that is a member for itself only. */
    TestNode startStranger(PeerConfig config) {
        return startStranger(config, null);
    }

    /** Starts a node that encrypts, and is a member for itself only. */
    TestNode startStranger(PeerConfig config, @Nullable MemberTls tls) {
        TestNode node = new TestNode(config, tls);
        nodes.forEach(other -> node.membership.add(other.member()));
        strangers.add(node);
        node.open();
        return node;
    }

    @Override
    public void close() {
        nodes.forEach(TestNode::stop);
        strangers.forEach(TestNode::stop);
    }

    /** Who the members are, as the test says. */
    static final class TestMembership implements Membership {

        private final NodeId self;
        private final Map<NodeId, ClusterMember> members = new ConcurrentHashMap<>();
        private final List<Listener> listeners = new CopyOnWriteArrayList<>();

        TestMembership(NodeId self) {
            this.self = self;
        }

        void add(ClusterMember member) {
            members.put(member.id(), member);
            listeners.forEach(listener -> listener.membersChanged(members()));
        }

        void remove(NodeId member) {
            members.remove(member);
            listeners.forEach(listener -> listener.membersChanged(members()));
        }

        @Override
        public NodeId self() {
            return self;
        }

        @Override
        public List<ClusterMember> members() {
            return List.copyOf(members.values());
        }

        @Override
        public Optional<NodeId> leader() {
            return Optional.empty();
        }

        @Override
        public void listen(Listener listener) {
            listeners.add(listener);
        }
    }

    /** A node. */
    final class TestNode implements DistroTransportContract.Node {

        final TestMembership membership;
        final Map<NodeId, PeerCounters> counters = new ConcurrentHashMap<>();
        final PeerChannel channel;
        private final @Nullable PeerContainer container;
        volatile PeerCalls.Answers answers = (from, command) -> CompletableFuture.completedFuture(command);

        private final PeerConfig config;
        private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
        private final ScheduledExecutorService names = Executors.newSingleThreadScheduledExecutor();
        private final RegistryLoop loop = new RegistryLoop(thread, 1_000);
        private final List<DistroMessage<ServiceKey, ClientData>> received = new ArrayList<>();
        private volatile CountDownLatch held = new CountDownLatch(0);

        TestNode(PeerConfig config, @Nullable MemberTls tls) {
            this.config = config;
            this.membership = new TestMembership(config.self());
            this.membership.add(member());
            this.container = over == Over.HTTP ? new PeerContainer(port()) : null;
            Lines lines = container == null
                    ? new GrpcLines(config, tls)
                    : new HttpLines(config, container.servlet(), "/nacos");
            this.channel = new PeerChannel(
                    config,
                    lines,
                    membership,
                    loop::post,
                    names,
                    bound -> ThreadLocalRandom.current().nextLong(bound + 1),
                    System::nanoTime,
                    counters::put);
        }

        ClusterMember member() {
            return PeerFixture.member(config.self().value(), port());
        }

        int port() {
            return config.listen().getPort();
        }

        void open() {
            try {
                channel.start(this::take, (from, command) -> answers.answer(from, command));
                if (container != null) {
                    container.start();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void take(DistroMessage<ServiceKey, ClientData> message) {
            loop.assertInLoop();
            synchronized (received) {
                received.add(message);
            }
        }

        PeerCounters to(DistroTransportContract.Node peer) {
            return Objects.requireNonNull(counters.get(peer.id()), "not spoken with: " + peer.id());
        }

        @Override
        public NodeId id() {
            return config.self();
        }

        @Override
        public long incarnation() {
            return config.incarnation();
        }

        @Override
        public void send(NodeId peer, DistroMessage<ServiceKey, ClientData> message) {
            channel.send(peer, message);
        }

        @Override
        public List<DistroMessage<ServiceKey, ClientData>> received() {
            synchronized (received) {
                return new ArrayList<>(received);
            }
        }

        @Override
        public void hold() {
            CountDownLatch latch = new CountDownLatch(1);
            held = latch;
            // On the loop's own thread, so that what comes meanwhile waits for its turn.
            thread.execute(() -> loop.post(() -> {
                try {
                    latch.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }

        @Override
        public void resume() {
            held.countDown();
        }

        @Override
        public void stop() {
            resume();
            nodes.remove(this);
            if (container != null) {
                container.stop();
            }
            channel.stop();
            thread.shutdownNow();
            names.shutdownNow();
        }
    }
}
