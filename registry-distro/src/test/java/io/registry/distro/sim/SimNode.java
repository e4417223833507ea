package io.registry.distro.sim;

import io.registry.distro.DistroProtocol;
import io.registry.distro.Kept;
import io.registry.distro.model.NodeId;
import io.registry.distro.sim.engine.SimClock;
import io.registry.distro.testkit.Parts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node: a machine with a clock and a disk, on which a process runs, dies and is started again. On the disk are the
 * last incarnation and a snapshot that is up to ten seconds old.
 */
public final class SimNode implements Troubled.Machine {

    private final SimWorld world;
    private final NodeId id;
    private final SimClock.Wall wall;
    private long incarnation;
    private KeptOnDisk<Parts> snapshot = new KeptOnDisk<>(0, List.of());
    private @Nullable NodeLife life;

    SimNode(SimWorld world, NodeId id, long wrongByMillis) {
        this.world = world;
        this.id = id;
        this.wall = new SimClock.Wall(world.loop(), wrongByMillis);
    }

    @Override
    public NodeId id() {
        return id;
    }

    @Override
    public SimClock.Wall wall() {
        return wall;
    }

    /** Returns the process that runs; null where none does. */
    public @Nullable NodeLife life() {
        return life;
    }

    /** Returns whether a process runs that serves. */
    public boolean isReady() {
        return life != null && life.isReady();
    }

    @Override
    public boolean isUp() {
        return life != null;
    }

    @Override
    public void leave(Runnable whenOver) {
        NodeLife leaving = life;
        if (leaving != null) {
            leaving.turn(() -> leaving.leave(whenOver));
        }
    }

    @Override
    public void restart(boolean warm) {
        world.restart(this, warm);
    }

    @Override
    public void pause(long millis) {
        if (life != null) {
            life.pause(millis);
        }
    }

    @Override
    public void reset(int connections) {
        NodeLife resetting = life;
        if (resetting != null) {
            resetting.turn(() -> resetting.reset(connections));
        }
    }

    /** Starts a process that has nothing but its incarnation. */
    public void start() {
        start(List.of());
    }

    /** Starts a process with what is left of the snapshot's lease. */
    public void startWarm() {
        start(snapshot.left(wall.millis()));
    }

    /** Kills the process: no word to anybody, and no last snapshot. */
    @Override
    public void crash() {
        NodeLife dying = life;
        if (dying != null) {
            life = null;
            world.trace().note(id, "crash", "incarnation " + incarnation, incarnation);
            dying.end();
        }
    }

    /** Writes the snapshot. */
    void keep(DistroProtocol<String, Parts> protocol) {
        snapshot = KeptOnDisk.of(protocol, world.plan().config().ownerLease(), wall.millis());
    }

    private void start(List<Kept<Parts>> kept) {
        if (life != null) {
            throw new IllegalStateException("node " + id + " runs already");
        }
        incarnation++;
        world.trace().note(id, "start", "incarnation " + incarnation + " with " + kept.size() + " kept", incarnation);
        NodeLife born = new NodeLife(world, this, incarnation);
        life = born;
        born.begin(world.members(), kept);
    }
}
