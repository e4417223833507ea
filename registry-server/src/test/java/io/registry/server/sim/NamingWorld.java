package io.registry.server.sim;

import io.registry.api.model.ServiceKey;
import io.registry.distro.model.NodeId;
import io.registry.distro.sim.ClientReach;
import io.registry.distro.sim.Mischief;
import io.registry.distro.sim.Troubled;
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
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A cluster of servers, its network and its clients. Everything that happens follows from the seed and the plan.
 *
 * <p><b>Threading:</b> one thread, any.
 */
final class NamingWorld implements Troubled {

    private static final long AUDIT_MILLIS = 100;
    private static final long LOSSES_APART_MILLIS = 5_000;
    private static final long NEWS_OF_MEMBERS_MILLIS_MAX = 3_000;

    private final NamingPlan plan;
    private final NodeMake make;
    private final Chance chance;
    private final Chance delays;
    private final Chance losses;
    private final Map<Set<NodeId>, Long> lostMillis = new LinkedHashMap<>();
    private final SimLoop loop = new SimLoop();
    private final SimNetwork network;
    private final ClientReach reach;
    private final Trace trace = new Trace(loop);
    private final NamingChecks checks = new NamingChecks(this);
    private final Map<NodeId, NamingNode> nodes = new LinkedHashMap<>();
    private final TreeSet<NodeId> members = new TreeSet<>();
    private final List<SdkModel> sdks = new ArrayList<>();
    private final List<BeaterModel> beaters = new ArrayList<>();
    private int nodesEver;
    private @Nullable String objection;

    /** Makes a world of nodes that do not run yet, without clients. */
    NamingWorld(long seed, NamingPlan plan, NodeMake make) {
        this.plan = plan;
        this.make = make;
        this.chance = new Chance(seed);
        this.delays = chance.of("calls");
        this.losses = chance.of("losses");
        this.network = new SimNetwork(loop, chance.of("network"));
        this.reach = new ClientReach(network);
        for (int i = 0; i < plan.nodes(); i++) {
            members.add(newNode().id());
        }
        loop.after(AUDIT_MILLIS, this::audit);
    }

    /** Returns a service by its number. */
    static ServiceKey service(int number) {
        return new ServiceKey("public", "DEFAULT_GROUP", "s" + number);
    }

    /** Starts all nodes, one after the other within a second. */
    void startNodes() {
        Chance order = chance.of("start");
        nodes.values().forEach(node -> loop.after(order.upTo(1_000), () -> node.restart(false)));
    }

    /** Lets time pass; returns what was objected to meanwhile, if anything. */
    @Nullable
    String pass(Duration time) {
        long untilMillis = loop.nowMillis() + time.toMillis();
        while (objection == null && loop.nowMillis() < untilMillis) {
            loop.pass(Math.min(AUDIT_MILLIS, untilMillis - loop.nowMillis()));
        }
        return objection;
    }

    /** Notes that something has happened that must not. The first of such counts. */
    void objectsTo(String what) {
        if (objection == null) {
            objection = what + "\n  at " + loop.nowMillis() + " ms";
        }
    }

    /** Makes everything whole: the network, the clients' access, and the nodes. */
    void heal() {
        network.heal();
        reach.heal();
        members.forEach(id -> node(id).restart(false));
        processes().forEach(process -> process.turn(() -> process.learnMembers(members())));
    }

    SdkModel addSdk() {
        SdkModel client = new SdkModel(this, sdks.size());
        sdks.add(client);
        return client;
    }

    BeaterModel addBeater(ServiceKey service) {
        BeaterModel client = new BeaterModel(this, service, beaters.size());
        beaters.add(client);
        return client;
    }

    /** Brings a message of replication, or not. */
    void send(NodeId from, NodeId to, Runnable arrival) {
        if (losses.odds(plan.spacedLoss())) {
            long nowMillis = loop.nowMillis();
            Set<NodeId> pair = new TreeSet<>(List.of(from, to));
            Long lastMillis = lostMillis.get(pair);
            if (lastMillis == null || nowMillis - lastMillis > LOSSES_APART_MILLIS) {
                lostMillis.put(pair, nowMillis);
                return;
            }
        }
        network.send(from, to, arrival);
    }

    /** Brings a question or an answer from one process to another: where nodes are slow at worst, late but not lost. */
    void carry(NodeId from, NodeId to, Runnable arrival) {
        if (!plan.gentle()) {
            network.send(from, to, arrival);
            return;
        }
        double share = delays.share();
        loop.after(1 + Math.round(share * share * share * plan.mischief().delayMillisMax()), arrival);
    }

    /** Returns whether a node may leave in order now. */
    boolean mayLeave(NodeId id) {
        return !plan.gentle()
                || memberNodes().stream().allMatch(node -> {
                    NodeProcess process = node.process();
                    return process != null && process.isReady() && !process.isDraining();
                });
    }

    @Override
    public NamingNode addMember() {
        NamingNode node = newNode();
        members.add(node.id());
        node.restart(false);
        tellMembers();
        return node;
    }

    @Override
    public void removeMember(NodeId member) {
        if (plan.gentle()) {
            node(member).leave(() -> removed(member));
        } else {
            removed(member);
        }
    }

    private void removed(NodeId member) {
        members.remove(member);
        node(member).crash();
        tellMembers();
    }

    @Override
    public SimLoop loop() {
        return loop;
    }

    @Override
    public Chance chance() {
        return chance;
    }

    @Override
    public SimNetwork network() {
        return network;
    }

    @Override
    public ClientReach reach() {
        return reach;
    }

    @Override
    public Mischief mischief() {
        return plan.mischief();
    }

    @Override
    public Collection<NodeId> members() {
        return List.copyOf(members);
    }

    @Override
    public List<NamingNode> memberNodes() {
        return members.stream().map(this::node).toList();
    }

    @Override
    public List<String> clientNames() {
        return Stream.concat(sdks.stream().map(SdkModel::name), beaters.stream().map(BeaterModel::name))
                .toList();
    }

    NamingPlan plan() {
        return plan;
    }

    NodeMake make() {
        return make;
    }

    Trace trace() {
        return trace;
    }

    NamingChecks checks() {
        return checks;
    }

    List<SdkModel> sdks() {
        return sdks;
    }

    List<BeaterModel> beaters() {
        return beaters;
    }

    /** Returns all services that clients know of. */
    List<ServiceKey> services() {
        return IntStream.range(0, plan.services())
                .mapToObj(NamingWorld::service)
                .toList();
    }

    NamingNode node(NodeId id) {
        return Objects.requireNonNull(nodes.get(id), () -> "no node " + id);
    }

    @Nullable
    NodeProcess process(NodeId id) {
        return node(id).process();
    }

    /** Returns all processes that run. */
    List<NodeProcess> processes() {
        return nodes.values().stream()
                .map(NamingNode::process)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
    }

    /** Returns a process that a client gets through to, another one at each turn; null where there is none. */
    @Nullable
    NodeProcess reachable(String client, int turn) {
        List<NodeProcess> candidates = processes().stream()
                .filter(process -> reach.reaches(client, process.id()))
                .toList();
        return candidates.isEmpty() ? null : candidates.get(Math.floorMod(turn, candidates.size()));
    }

    /** Returns what the first node that has anything of an instance shows of it; null where none has. */
    @Nullable
    String contentOnAnyNode(BeaterModel client) {
        for (NodeProcess process : processes()) {
            String content = NamingAgreement.shown(process, client.service()).get(client.address());
            if (content != null) {
                return content;
            }
        }
        return null;
    }

    /** Notes which instances registered something that no node knows any more. */
    void noteWhatIsLost() {
        for (BeaterModel client : beaters) {
            boolean known = processes().stream()
                    .anyMatch(process -> client.version()
                            .equals(NamingAgreement.shown(process, client.service())
                                    .get(client.address())));
            if (client.isSettled() && !known) {
                client.contentIsLost();
            }
        }
    }

    /**
     * Notes which instances registered something else than what nodes have come to agree on; returns how many.
     *
     * @param all whether all are looked at, or those only of which an earlier registration may have come late
     */
    int noteWhatIsStale(boolean all) {
        int stale = 0;
        for (BeaterModel client : beaters) {
            if ((all || client.mayBeOvertaken())
                    && client.isSettled()
                    && !client.version().equals(contentOnAnyNode(client))) {
                client.contentIsLost();
                stale++;
            }
        }
        return stale;
    }

    private void tellMembers() {
        Chance news = chance.of("news " + loop.nowMillis());
        processes()
                .forEach(process ->
                        process.after(news.upTo(NEWS_OF_MEMBERS_MILLIS_MAX), () -> process.learnMembers(members())));
    }

    private NamingNode newNode() {
        NodeId id = new NodeId(String.valueOf((char) ('a' + nodesEver++)));
        long skewMillis = plan.mischief().skewMillis();
        NamingNode node = new NamingNode(this, id, chance.of("clock of " + id).between(-skewMillis, skewMillis));
        nodes.put(id, node);
        return node;
    }

    private void audit() {
        checks.audit();
        for (NodeProcess process : processes()) {
            if (process.failures() > 0) {
                objectsTo("a turn of " + process.id() + " has failed; see the log");
            }
        }
        loop.after(AUDIT_MILLIS, this::audit);
    }
}
