package io.registry.distro.sim;

import io.registry.distro.model.ClientId;
import io.registry.distro.model.NodeId;
import io.registry.distro.sim.engine.Chance;
import io.registry.distro.testkit.Parts;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A client with an SDK: it publishes over a connection, says one thing after another, and when the connection is lost
 * it opens a new one, elsewhere, within three seconds, and says all of it again.
 */
public final class ConnectionClientModel {

    private static final long RECONNECT_MILLIS_MAX = 3_000;
    private static final long HOP_MILLIS_MAX = 20;
    private static final long CALL_MILLIS_MAX = 3_000;

    private final SimWorld world;
    private final String name;
    private final int partsPerCall;
    private final Chance chance;
    private final TreeSet<String> unsaid = new TreeSet<>();
    private @Nullable NodeId home;
    private Parts desired = Parts.EMPTY;
    private boolean alive;
    private @Nullable Connection connection;
    private int connections;
    private int attempt;
    private boolean calling;
    private int calls;

    ConnectionClientModel(SimWorld world, String name, int partsPerCall) {
        this.world = world;
        this.name = name;
        this.partsPerCall = partsPerCall;
        this.chance = world.chance().of("client " + name);
    }

    /** Returns its name. */
    public String name() {
        return name;
    }

    /** Returns whether it runs. */
    public boolean isAlive() {
        return alive;
    }

    /** Returns what it wants to be published. */
    public Parts desired() {
        return desired;
    }

    /** Returns the connection it uses; null where it has none at the moment. */
    @Nullable
    Connection connection() {
        return connection;
    }

    /** Returns the id of the connection it uses; null where it has none at the moment. */
    public @Nullable ClientId clientId() {
        return connection == null ? null : connection.id();
    }

    /** Returns whether the node it is connected to has confirmed all of that. */
    public boolean hasSaidAll() {
        return connection != null && unsaid.isEmpty() && !calling;
    }

    /** Has it connect to one node only. */
    public void staysWith(NodeId node) {
        home = node;
    }

    /** Starts it, with nothing to say unless it was told before. */
    public void start() {
        if (!alive) {
            alive = true;
            connectAfter(0);
        }
    }

    /** Publishes something, now and on every connection to come. */
    public void put(String service, String value) {
        desired = desired.with(service, value);
        unsaid.add(service);
        call();
    }

    /** Publishes something no more. */
    public void remove(String service) {
        desired = desired.without(service);
        unsaid.add(service);
        call();
    }

    /** Ends it in order. */
    public void close() {
        Connection last = connection;
        die();
        if (last != null) {
            last.closedByClient();
        }
    }

    /** Ends it without a word. */
    public void die() {
        alive = false;
        connection = null;
        calling = false;
    }

    /** Has it give up its connection, and open another. */
    public void reconnect() {
        Connection last = connection;
        if (last != null) {
            broken(last);
            last.closedByClient();
        }
    }

    /** A connection is no longer of use. */
    void broken(Connection lost) {
        if (connection == lost) {
            connection = null;
            calling = false;
            connectAfter(chance.upTo(RECONNECT_MILLIS_MAX));
        }
    }

    void goesElsewhere(Connection left) {
        broken(left);
    }

    boolean uses(Connection which) {
        return connection == which;
    }

    private void connectAfter(long millis) {
        int mine = ++attempt;
        world.loop().after(millis, () -> {
            if (mine == attempt && alive && connection == null) {
                connect();
            }
        });
    }

    private void connect() {
        NodeLife life = world.reachable(name, home, chance);
        Connection next = life == null ? null : life.open(this, new ClientId(name + "#" + (connections + 1)));
        if (next == null) {
            connectAfter(chance.between(300, 1_000));
            return;
        }
        connections++;
        connection = next;
        unsaid.clear();
        unsaid.addAll(desired.values().keySet());
        call();
    }

    /** Says some of what is unsaid; one call at a time, as one after the other on one stream. */
    private void call() {
        Connection on = connection;
        if (on == null || calling || unsaid.isEmpty()) {
            return;
        }
        calling = true;
        Parts puts = Parts.EMPTY;
        List<String> removed = new ArrayList<>();
        List<String> services = unsaid.stream().limit(partsPerCall).toList();
        for (String service : services) {
            String value = desired.get(service);
            if (value == null) {
                removed.add(service);
            } else {
                puts = puts.with(service, value);
            }
        }
        Parts said = puts;
        world.loop().after(hop(), () -> {
            if (on.isReachable() && !on.life().isOver()) {
                on.life().turn(() -> {
                    boolean taken = on.life().publish(on, said, removed);
                    world.loop().after(hop(), () -> answered(on, services, said, taken && on.isReachable()));
                });
            }
        });
        int mine = ++calls;
        world.loop().after(CALL_MILLIS_MAX, () -> {
            if (calling && mine == calls) {
                broken(on);
            }
        });
    }

    private void answered(Connection on, List<String> services, Parts said, boolean taken) {
        if (connection != on) {
            return;
        }
        calling = false;
        if (!taken) {
            broken(on);
            return;
        }
        for (String service : services) {
            String value = desired.get(service);
            if (value == null ? said.get(service) == null : value.equals(said.get(service))) {
                unsaid.remove(service);
            }
        }
        call();
    }

    private long hop() {
        return chance.between(1, HOP_MILLIS_MAX);
    }
}
