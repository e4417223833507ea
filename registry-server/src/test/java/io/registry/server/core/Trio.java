package io.registry.server.core;

import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroConfig;
import io.registry.distro.DistroProtocol;
import io.registry.distro.message.DistroMessage;
import io.registry.distro.model.NodeId;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.core.cluster.Membership;
import io.registry.server.core.cluster.PeerCallException;
import io.registry.server.core.cluster.PeerCalls;
import io.registry.server.core.cluster.PeerCommand;
import io.registry.server.core.cluster.PeerReply;
import io.registry.server.core.encoding.PeerCommandCodec;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.operate.NodeLimits;
import io.registry.server.core.operate.ServiceRepair;
import io.registry.server.core.push.PushConfig;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Three whole cores that replicate to each other and ask each other, on time that the test moves by hand. */
public final class Trio {

    private static final Duration ON_THE_WAY = Duration.ofMillis(1);

    public final ManualTime time = new ManualTime();

    /** Who is neither asked nor told anything, and says nothing. */
    public final Set<NodeId> cutOff = new LinkedHashSet<>();

    /** What becomes of a message of replication on its way. */
    public UnaryOperator<DistroMessage<ServiceKey, ClientData>> onTheWay = message -> message;

    private final Map<NodeId, Node> nodes = new TreeMap<>();

    /** One of the three. */
    public static final class Node {

        public final NodeId id;
        public final RegistryLoop loop;
        public final Foundation foundation;
        public final DistroProtocol<ServiceKey, ClientData> distro;
        public final Core core;
        public final ServiceRepair repair;

        private Node(NodeId id, Trio trio) {
            this.id = id;
            loop = new RegistryLoop(trio.time, 1_000);
            foundation = Foundation.over(loop, trio.time);
            distro = new DistroProtocol<>(
                    id,
                    1,
                    DistroConfig.defaults(),
                    foundation.ports((peer, message) -> trio.send(id, peer, message), bound -> 0),
                    foundation.replicas());
            Membership membership = new Members(id);
            PeerCalls peers = (peer, command, deadline) -> trio.ask(id, peer, command);
            core = Core.over(
                    foundation,
                    id,
                    distro,
                    new Core.Surroundings(
                            membership,
                            peers,
                            new UnkeptLog(loop, foundation.store(), foundation.services()::changed, () -> true),
                            () -> trio.time.monotonicMillis() * 1_000_000,
                            new NoFigures()),
                    PushConfig.defaults(),
                    new NodeLimits(100, 1_000, 200));
            core.connect(List.of());
            repair = new ServiceRepair(loop, distro, foundation.services(), membership, peers);
        }

        private CompletableFuture<byte[]> answer(byte[] question) {
            PeerCommand command = PeerCommandCodec.command(question);
            if (command instanceof PeerCommand.Records records) {
                return repair.here(records.service(), records.wanted())
                        .thenApply(found -> PeerCommandCodec.encode(PeerReply.of(found)));
            }
            if (command instanceof PeerCommand.AskAgain again) {
                return repair.askAgain(again.buckets())
                        .thenApply(asked -> PeerCommandCodec.encode(PeerReply.asked(asked)));
            }
            throw new IllegalArgumentException("command: " + command + " (expected: of a repair)");
        }
    }

    private record Members(NodeId self) implements Membership {

        @Override
        public List<ClusterMember> members() {
            return Stream.of("n1", "n2", "n3")
                    .map(id -> new ClusterMember(new NodeId(id), id + ":8848", id + ":9849", id + ":7848"))
                    .toList();
        }

        @Override
        public Optional<NodeId> leader() {
            return Optional.empty();
        }

        @Override
        public void listen(Listener listener) {}
    }

    /** Starts three nodes, and returns when all are ready. */
    public Trio() {
        for (String id : List.of("n1", "n2", "n3")) {
            NodeId node = new NodeId(id);
            nodes.put(node, new Node(node, this));
        }
        nodes.values().forEach(each -> each.loop.post(() -> each.distro.start(nodes.keySet(), List.of())));
        time.advance(Duration.ofSeconds(10));
    }

    /** Returns a node by its number, from 1. */
    public Node node(int number) {
        Node node = nodes.get(new NodeId("n" + number));
        if (node == null) {
            throw new IllegalArgumentException("node: " + number + " (expected: 1..3)");
        }
        return node;
    }

    private void send(NodeId from, NodeId to, DistroMessage<ServiceKey, ClientData> message) {
        if (cutOff.contains(from) || cutOff.contains(to)) {
            return;
        }
        DistroMessage<ServiceKey, ClientData> arriving = onTheWay.apply(message);
        var unused = time.schedule(
                () -> {
                    Node node = nodes.get(to);
                    if (node != null) {
                        node.loop.post(() -> node.distro.onMessage(arriving));
                    }
                },
                ON_THE_WAY.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private CompletableFuture<byte[]> ask(NodeId from, NodeId to, byte[] command) {
        Node node = nodes.get(to);
        if (node == null || cutOff.contains(from) || cutOff.contains(to)) {
            return CompletableFuture.failedFuture(
                    new PeerCallException(PeerCallException.Reason.UNREACHED, "cut off: " + to));
        }
        return node.answer(command);
    }
}
