package io.registry.distro.sim;

import io.registry.distro.model.NodeId;
import io.registry.distro.sim.engine.SimProcess;
import java.util.function.Consumer;
import java.util.function.Function;

/** Brings what a client says about an instance to the node that is responsible for it: one hop, never two. */
final class BeatRouter {

    /** After this, a node that is asked does nothing any more, and one that asks has answered that it could not. */
    static final long DEADLINE_MILLIS = 2_000;

    private final SimWorld world;

    BeatRouter(SimWorld world) {
        this.world = world;
    }

    /**
     * Runs a command where it belongs.
     *
     * @param entry the node that the client has reached
     * @param answer is given the answer at most once, or never
     */
    void route(NodeLife entry, String address, Function<BeatSide, BeatAnswer> command, Consumer<BeatAnswer> answer) {
        if (!entry.isReady()) {
            answer.accept(BeatAnswer.ERROR);
            return;
        }
        NodeId responsible = entry.protocol().responsibleFor(address);
        if (responsible.equals(entry.id())) {
            answer.accept(command.apply(entry.beats()));
            return;
        }
        long deadlineMillis = world.loop().nowMillis() + DEADLINE_MILLIS;
        world.network().send(entry.id(), responsible, SimProcess.once(() -> {
            NodeLife there = world.life(responsible);
            if (there != null) {
                there.turn(() -> {
                    if (world.loop().nowMillis() <= deadlineMillis) {
                        BeatAnswer said = there.isReady() ? command.apply(there.beats()) : BeatAnswer.ERROR;
                        world.network()
                                .send(
                                        responsible,
                                        entry.id(),
                                        SimProcess.once(() -> entry.turn(() -> answer.accept(said))));
                    }
                });
            }
        }));
    }
}
