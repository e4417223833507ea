package io.registry.distro.sim;

import io.registry.distro.model.ClientId;
import io.registry.distro.model.Sum;
import io.registry.distro.sim.engine.Chance;
import io.registry.distro.testkit.Parts;

/** One connection of a client, with its two ends, which do not always know the same. */
final class Connection {

    private static final long TICK_MILLIS = 3_000;
    private static final int MISSES_OF_CLIENT = 2;

    private final SimWorld world;
    private final ConnectionClientModel client;
    private final NodeLife life;
    private final ClientId id;
    private final Chance chance;
    private final int missesOfServer;
    private Parts said = Parts.EMPTY;
    private int clientMisses;
    private int serverMisses;

    Connection(SimWorld world, ConnectionClientModel client, NodeLife life, ClientId id) {
        this.world = world;
        this.client = client;
        this.life = life;
        this.id = id;
        this.chance = world.chance().of("connection " + id);
        this.missesOfServer = chance.between(1, 6);
        tickLater();
    }

    ClientId id() {
        return id;
    }

    NodeLife life() {
        return life;
    }

    /** A number of this connection, the same in every process. */
    long number() {
        return Sum.of(id.value());
    }

    boolean isReachable() {
        return world.reach().reaches(client.name(), life.id());
    }

    /** Notes what the owner wrote last. */
    void says(Parts data) {
        said = data;
    }

    /** What the owner wrote last. */
    Parts said() {
        return said;
    }

    /** The client has closed it: the server hears of it soon, or when it notices. */
    void closedByClient() {
        if (isReachable()) {
            world.loop().after(chance.between(0, 30), () -> life.turn(() -> life.ended(this, false)));
        }
    }

    /** The server asks the client to go elsewhere. The client closes this one at once, and comes back up to 3 s later. */
    void reset() {
        world.loop().after(chance.between(0, 30), () -> {
            if (isReachable()) {
                client.goesElsewhere(this);
            }
            world.loop().after(chance.between(0, 30), () -> life.turn(() -> life.ended(this, true)));
        });
    }

    /** The process at the other end has died: the client sees the connection break, if it sees anything. */
    void serverDied() {
        world.checks().lost(id);
        if (isReachable()) {
            world.loop().after(chance.between(0, 500), () -> client.broken(this));
        }
    }

    private void tickLater() {
        world.loop().after(TICK_MILLIS, this::tick);
    }

    /** Each end notices after a while that the other is silent. */
    private void tick() {
        boolean usedByClient = client.uses(this);
        boolean heldByServer = life.holds(this);
        boolean reachable = isReachable();
        if (usedByClient) {
            clientMisses = reachable && heldByServer ? 0 : clientMisses + 1;
            if (clientMisses >= MISSES_OF_CLIENT) {
                client.broken(this);
            }
        }
        if (heldByServer) {
            serverMisses = reachable && usedByClient ? 0 : serverMisses + 1;
            if (serverMisses >= missesOfServer) {
                life.turn(() -> life.ended(this, false));
            }
        }
        if (usedByClient || heldByServer) {
            tickLater();
        }
    }
}
