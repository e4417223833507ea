package io.registry.server.sim;

import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroProtocol;
import io.registry.distro.Kept;
import io.registry.distro.model.NodeId;
import io.registry.distro.sim.KeptOnDisk;
import io.registry.distro.sim.Troubled;
import io.registry.distro.sim.engine.SimClock;
import io.registry.server.core.client.ClientData;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A machine with a clock and a disk, on which a server runs, dies and is started again. */
final class NamingNode implements Troubled.Machine {

    private final NamingWorld world;
    private final NodeId id;
    private final SimClock.Wall wall;
    private long incarnation;
    private KeptOnDisk<ClientData> snapshot = new KeptOnDisk<>(0, List.of());
    private @Nullable NodeProcess process;

    NamingNode(NamingWorld world, NodeId id, long wrongByMillis) {
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

    @Override
    public boolean isUp() {
        return process != null;
    }

    @Nullable
    NodeProcess process() {
        return process;
    }

    @Override
    public void crash() {
        NodeProcess dying = process;
        if (dying != null) {
            process = null;
            world.trace().note(id, "over", "incarnation " + incarnation, incarnation);
            dying.end();
        }
    }

    @Override
    public void leave(Runnable whenOver) {
        NodeProcess leaving = process;
        if (leaving != null && world.mayLeave(id)) {
            leaving.turn(() -> leaving.leave(whenOver));
        }
    }

    @Override
    public void restart(boolean warm) {
        if (process == null && world.members().contains(id)) {
            start(warm);
        }
    }

    @Override
    public void pause(long millis) {
        if (process != null) {
            process.pause(millis);
        }
    }

    @Override
    public void reset(int connections) {
        NodeProcess resetting = process;
        if (resetting != null) {
            resetting.turn(() -> resetting.reset(connections));
        }
    }

    /** Writes the snapshot. */
    void keep(DistroProtocol<ServiceKey, ClientData> protocol) {
        snapshot = KeptOnDisk.of(protocol, world.plan().config().ownerLease(), wall.millis());
    }

    private void start(boolean warm) {
        incarnation++;
        List<Kept<ClientData>> kept = warm ? snapshot.left(wall.millis()) : List.of();
        world.trace().note(id, "start", "incarnation " + incarnation + " with " + kept.size() + " kept", incarnation);
        NodeProcess born = new NodeProcess(world, this, incarnation);
        process = born;
        born.begin(kept);
    }
}
