package io.registry.distro.sim;

import io.registry.distro.model.ClientId;
import io.registry.distro.model.NodeId;
import io.registry.distro.sim.engine.Chance;
import io.registry.distro.sim.engine.SimLoop;
import io.registry.distro.sim.engine.SimNetwork;
import io.registry.distro.sim.engine.Trace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A cluster, its network and its clients. Everything that happens follows from the seed and the plan; two worlds of the
 * same seed and plan are the same.
 *
 * <p><b>Threading:</b> one thread, any.
 */
public final class SimWorld implements Troubled {

    private static final long AUDIT_MILLIS = 1_000;
    private static final long NEWS_OF_MEMBERS_MILLIS_MAX = 3_000;

    private final Plan plan;
    private final Protocols protocols;
    private final Chance chance;
    private final SimLoop loop = new SimLoop();
    private final SimNetwork network;
    private final ClientReach reach;
    private final Trace trace;
    private final Anomalies anomalies = new Anomalies();
    private final Checks checks = new Checks(this);
    private final BeatRouter router = new BeatRouter(this);
    private final Map<NodeId, SimNode> nodes = new LinkedHashMap<>();
    private final TreeSet<NodeId> members = new TreeSet<>();
    private final List<ConnectionClientModel> connectionClients = new ArrayList<>();
    private final Map<ClientId, BeatClientModel> beatClients = new LinkedHashMap<>();
    private int nodesEver;

    /** Makes a world of nodes that do not run yet, without clients. */
    public SimWorld(long seed, Plan plan, Protocols protocols) {
        this.plan = plan;
        this.protocols = protocols;
        this.chance = new Chance(seed);
        this.network = new SimNetwork(loop, chance.of("network"));
        this.reach = new ClientReach(network);
        this.trace = new Trace(loop);
        for (int i = 0; i < plan.nodes(); i++) {
            members.add(newNode().id());
        }
        loop.after(AUDIT_MILLIS, this::audit);
    }

    /** Starts all nodes, one after the other within a second. */
    public void startNodes() {
        Chance order = chance.of("start");
        nodes.values().forEach(node -> loop.after(order.upTo(1_000), () -> restart(node, false)));
    }

    /** Lets time pass. */
    public void pass(Duration time) {
        loop.pass(time.toMillis());
    }

    /** Makes another node, that is a member from now on and starts at once; the others hear of it by and by. */
    @Override
    public SimNode addMember() {
        SimNode node = newNode();
        members.add(node.id());
        node.start();
        tellMembers();
        return node;
    }

    /** Takes a node out, that stops at once; the others hear of it by and by. */
    @Override
    public void removeMember(NodeId member) {
        members.remove(member);
        nodeThatIs(member).crash();
        tellMembers();
    }

    /** Starts a node that does not run, if it is a member. */
    public void restart(SimNode node, boolean warm) {
        if (node.life() == null && members.contains(node.id())) {
            if (warm) {
                node.startWarm();
            } else {
                node.start();
            }
        }
    }

    /** Makes everything whole: the network, the clients' access, and the nodes. */
    public void heal() {
        network.heal();
        reach.heal();
        for (NodeId id : members) {
            restart(nodeThatIs(id), false);
        }
        forEachLife(life -> life.turn(() -> life.protocol().members(List.copyOf(members))));
    }

    /** Notes which instances registered something that no node knows any more. */
    void noteWhatIsLost() {
        for (BeatClientModel client : beatClients.values()) {
            if (client.isSettled() && nodes.values().stream().noneMatch(node -> holdsContent(node, client))) {
                client.contentIsLost();
            }
        }
    }

    /** Makes a client that publishes over a connection; it does not run yet. */
    public ConnectionClientModel addConnectionClient(String name, int partsPerCall) {
        ConnectionClientModel client = new ConnectionClientModel(this, name, partsPerCall);
        connectionClients.add(client);
        return client;
    }

    /** Makes an instance that beats; it does not run yet. */
    public BeatClientModel addBeatClient(String service, String address) {
        BeatClientModel client = new BeatClientModel(this, service, address);
        beatClients.put(client.id(), client);
        return client;
    }

    /** Returns what is not as it should be in the end; null where nothing is. */
    public @Nullable String objection() {
        return new Agreement(this).objection();
    }

    @Override
    public SimLoop loop() {
        return loop;
    }

    @Override
    public SimNetwork network() {
        return network;
    }

    @Override
    public Chance chance() {
        return chance;
    }

    /** Returns what happened. */
    public Trace trace() {
        return trace;
    }

    /** Returns what was counted. */
    public Anomalies anomalies() {
        return anomalies;
    }

    @Override
    public Mischief mischief() {
        return plan.mischief();
    }

    @Override
    public List<String> clientNames() {
        return Stream.concat(
                        connectionClients.stream().map(ConnectionClientModel::name),
                        beatClients.values().stream().map(BeatClientModel::name))
                .toList();
    }

    /** Returns what the run consists of. */
    public Plan plan() {
        return plan;
    }

    @Override
    public Collection<NodeId> members() {
        return List.copyOf(members);
    }

    /** Returns a node; null where there never was one. */
    public @Nullable SimNode node(NodeId id) {
        return nodes.get(id);
    }

    /** Returns the process that runs on a node; null where none does. */
    public @Nullable NodeLife life(NodeId id) {
        SimNode node = nodes.get(id);
        return node == null ? null : node.life();
    }

    @Override
    public List<SimNode> memberNodes() {
        return members.stream().map(this::nodeThatIs).toList();
    }

    /** Returns the clients that publish over connections. */
    public List<ConnectionClientModel> connectionClients() {
        return connectionClients;
    }

    /** Returns the instances that beat. */
    public List<BeatClientModel> beatClients() {
        return List.copyOf(beatClients.values());
    }

    @Nullable
    BeatClientModel beating(ClientId client) {
        return beatClients.get(client);
    }

    /** Returns what the first node that has anything of an instance shows of it; null where none has. */
    @Nullable
    String contentOnAnyNode(ClientId client) {
        for (SimNode node : nodes.values()) {
            NodeLife life = node.life();
            String content = life == null ? null : life.beats().content(client);
            if (content != null) {
                return content;
            }
        }
        return null;
    }

    Protocols protocols() {
        return protocols;
    }

    Checks checks() {
        return checks;
    }

    @Override
    public ClientReach reach() {
        return reach;
    }

    BeatRouter router() {
        return router;
    }

    /**
     * Returns a process that a client gets through to; null where there is none.
     *
     * @param home the only node it tries; null for any
     */
    @Nullable
    NodeLife reachable(String client, @Nullable NodeId home, Chance clientsChance) {
        List<NodeLife> candidates = new ArrayList<>(nodes.size());
        for (SimNode node : nodes.values()) {
            NodeLife life = node.life();
            if (life != null && (home == null || home.equals(node.id())) && reach.reaches(client, node.id())) {
                candidates.add(life);
            }
        }
        return candidates.isEmpty() ? null : clientsChance.pick(candidates);
    }

    void forEachLife(Consumer<NodeLife> each) {
        for (SimNode node : nodes.values()) {
            NodeLife life = node.life();
            if (life != null) {
                each.accept(life);
            }
        }
    }

    /** Notes which instances registered something else than what nodes have come to agree on. */
    void noteWhatIsStale() {
        for (BeatClientModel client : beatClients.values()) {
            if (client.isSettled() && !client.content().equals(contentOnAnyNode(client.id()))) {
                client.contentIsLost();
                anomalies.count(Anomalies.Kind.STALE_CONTENT);
            }
        }
    }

    /**
     * Whether a node has what an instance registered last, so that it must not be lost. Where clocks are wrong, a copy
     * of what a dead node had taken in may lose against something earlier; only the word of its owner is safe.
     */
    private boolean holdsContent(SimNode node, BeatClientModel client) {
        NodeLife life = node.life();
        return life != null
                && client.content().equals(life.beats().content(client.id()))
                && (plan.mischief().skewMillis() == 0 || life.protocol().owns(client.id()));
    }

    private void tellMembers() {
        Chance news = chance.of("news " + loop.nowMillis());
        forEachLife(life -> loop.after(
                news.upTo(NEWS_OF_MEMBERS_MILLIS_MAX),
                () -> life.turn(() -> life.protocol().members(List.copyOf(members)))));
    }

    private SimNode newNode() {
        NodeId id = new NodeId(String.valueOf((char) ('a' + nodesEver++)));
        long skewMillis = plan.mischief().skewMillis();
        long wrongByMillis = chance.of("clock of " + id).between(-skewMillis, skewMillis);
        SimNode node = new SimNode(this, id, wrongByMillis);
        nodes.put(id, node);
        return node;
    }

    private SimNode nodeThatIs(NodeId id) {
        SimNode node = nodes.get(id);
        if (node == null) {
            throw new IllegalArgumentException("node: " + id + " (expected: one of " + nodes.keySet() + ")");
        }
        return node;
    }

    private void audit() {
        forEachLife(NodeLife::audit);
        loop.after(AUDIT_MILLIS, this::audit);
    }
}
