package io.registry.distro.sim;

import static java.util.Objects.requireNonNull;

import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.NodeId;
import io.registry.distro.testkit.Parts;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A story told step by step: nodes called a, b, c and so on, clients with names, and no fault but those that are told. */
public final class Scenario {

    private static final int SETTLE_SECONDS = 60;
    private static final int STEP_MILLIS = 10;

    private final SimWorld world;
    private final Map<String, ConnectionClientModel> connected = new LinkedHashMap<>();
    private final Map<String, BeatClientModel> beating = new LinkedHashMap<>();

    private Scenario(SimWorld world) {
        this.world = world;
    }

    /** A story of so many nodes, that are ready. */
    public static Scenario of(int nodes) {
        return of(Plan.quiet(nodes), Protocols.REAL);
    }

    public static Scenario of(Plan plan, Protocols protocols) {
        Scenario story = new Scenario(new SimWorld(1, plan, protocols));
        story.world.startNodes();
        return story.after(10);
    }

    public SimWorld world() {
        return world;
    }

    public NodeLife life(String node) {
        return requireNonNull(world.life(new NodeId(node)), () -> node + " does not run");
    }

    /** Lets so many seconds pass. */
    public Scenario after(int seconds) {
        world.pass(Duration.ofSeconds(seconds));
        return this;
    }

    /** Lets so many milliseconds pass. */
    public Scenario afterMillis(int millis) {
        world.loop().pass(millis);
        return this;
    }

    /** A client connects to a node and publishes a service, or several. */
    public Scenario connect(String client, String node, String... services) {
        ConnectionClientModel model = world.addConnectionClient(client, 50);
        connected.put(client, model);
        model.staysWith(new NodeId(node));
        for (String service : services) {
            model.put(service, "1");
        }
        model.start();
        return this;
    }

    /** From now on the client connects to this node only. */
    public Scenario moves(String client, String node) {
        connection(client).staysWith(new NodeId(node));
        return this;
    }

    public Scenario put(String client, String service, String value) {
        connection(client).put(service, value);
        return this;
    }

    public Scenario dies(String client) {
        BeatClientModel instance = beating.get(client);
        if (instance != null) {
            instance.die();
        } else {
            connection(client).die();
        }
        return this;
    }

    public Scenario closes(String client) {
        connection(client).close();
        return this;
    }

    /** An instance registers and beats, and reaches one node only. */
    public Scenario beats(String instance, String node) {
        BeatClientModel model = world.addBeatClient(instance, "10.0.0.5:8080");
        beating.put(instance, model);
        model.staysWith(new NodeId(node));
        model.start("1");
        return this;
    }

    /** From now on the instance reaches this node only. */
    public Scenario livesWith(String instance, String node) {
        instance(instance).staysWith(new NodeId(node));
        return this;
    }

    /** The instance registers other content. */
    public Scenario registers(String instance, String content) {
        instance(instance).change(content);
        return this;
    }

    public BeatClientModel instance(String name) {
        return requireNonNull(beating.get(name), () -> "no instance " + name);
    }

    /** Divides the nodes: {@code "a | b c"}. Clients that stay with a node are on its side. */
    public Scenario partition(String sides) {
        Map<NodeId, Integer> sideOfNode = new LinkedHashMap<>();
        int side = 0;
        for (String each : sides.split("\\|", -1)) {
            for (String node : each.trim().split(" ", -1)) {
                sideOfNode.put(new NodeId(node), side);
            }
            side++;
        }
        world.network().partition(sideOfNode);
        return this;
    }

    /** Divides one node from the others. */
    public Scenario cutsOff(String node) {
        world.network().partition(Map.of(new NodeId(node), 1));
        return this;
    }

    /** Returns the name of a node that is another. */
    public String another(String node) {
        return world.members().stream()
                .map(NodeId::value)
                .filter(other -> !other.equals(node))
                .findFirst()
                .orElseThrow();
    }

    /** Returns which node owns an instance, as all nodes see it. */
    public String owner(String instance) {
        Set<String> owners = world.members().stream()
                .map(node -> ownerAsSeenBy(node.value(), instance))
                .collect(Collectors.toSet());
        if (owners.size() != 1) {
            throw new Violation("owners of " + instance + ": " + owners + " (expected: one)");
        }
        return owners.iterator().next();
    }

    /** Returns which node owns an instance, as one of them sees it. */
    public String ownerAsSeenBy(String node, String instance) {
        DistroRecord<Parts> record =
                life(node).protocol().record(instance(instance).id());
        return requireNonNull(record, () -> node + " does not know " + instance)
                .owner()
                .value();
    }

    /** Makes the network whole. */
    public Scenario heal() {
        world.network().heal();
        return this;
    }

    public Scenario crash(String node) {
        node(node).crash();
        return this;
    }

    public Scenario restart(String node) {
        world.restart(node(node), false);
        return this;
    }

    public Scenario restartWarm(String node) {
        world.restart(node(node), true);
        return this;
    }

    /** A node is started again, if it does not run. */
    public Scenario restarted(String node) {
        return restart(node).after(1);
    }

    /** A node is no member any more, and stops. */
    public Scenario removed(String node) {
        world.removeMember(node(node).id());
        return this;
    }

    /** A node asks one of its connections to go elsewhere. */
    public Scenario resets(String node) {
        life(node).reset(1);
        return this;
    }

    /** A node's wall clock is set forward by so many seconds. */
    public Scenario jumps(String node, int seconds) {
        node(node).wall().jump(seconds * 1000L);
        return this;
    }

    /** Lets time pass until a node is ready. */
    public Scenario untilReady(String node) {
        for (int waited = 0; !life(node).isReady(); waited += STEP_MILLIS) {
            if (waited > SETTLE_SECONDS * 1000) {
                throw new Violation(node + " does not become ready");
            }
            afterMillis(STEP_MILLIS);
        }
        return this;
    }

    /** A node is stopped in order, and stays away. */
    public Scenario leave(String node) {
        life(node).leave(() -> {});
        return this;
    }

    /** What a node sends to another arrives after so many seconds, all at once. */
    public Scenario clog(String from, String to, int seconds) {
        world.network().clog(new NodeId(from), new NodeId(to), seconds * 1000L);
        return this;
    }

    /** Returns the names of the clients that a node shows. */
    public Set<String> shown(String node) {
        return contents(node).keySet();
    }

    /** Returns what a node shows, by the names of clients; of two connections of one client, the later. */
    public Map<String, Parts> contents(String node) {
        Map<String, Parts> contents = new TreeMap<>();
        for (DistroRecord<Parts> record : life(node).records()) {
            Parts data = record.data();
            if (data != null) {
                contents.put(record.client().value().split("[#@]", -1)[0], data);
            }
        }
        return contents;
    }

    /** Returns what every node that runs shows, where all show the same; otherwise fails. */
    public Set<String> shownEverywhere() {
        Map<String, Set<String>> byNode = new TreeMap<>();
        world.memberNodes().stream()
                .filter(node -> node.life() != null)
                .forEach(node -> byNode.put(node.id().value(), shown(node.id().value())));
        Set<Set<String>> different = byNode.values().stream().collect(Collectors.toSet());
        if (different.size() != 1) {
            throw new Violation("nodes do not show the same: " + byNode);
        }
        return new TreeSet<>(different.iterator().next());
    }

    /** Fails unless all nodes come to show the truth within a minute; returns after how many seconds. */
    public int settles() {
        String objection = world.objection();
        for (int second = 0; second <= SETTLE_SECONDS; second++) {
            if (objection == null) {
                return second;
            }
            after(1);
            objection = world.objection();
        }
        throw new Violation("not settled: " + objection + "\n" + world.trace().lastEvents());
    }

    public long count(Anomalies.Kind kind) {
        return world.anomalies().of(kind);
    }

    @Nullable
    String objection() {
        return world.objection();
    }

    private SimNode node(String name) {
        return requireNonNull(world.node(new NodeId(name)), () -> "no node " + name);
    }

    private ConnectionClientModel connection(String client) {
        return requireNonNull(connected.get(client), () -> "no client " + client);
    }
}
