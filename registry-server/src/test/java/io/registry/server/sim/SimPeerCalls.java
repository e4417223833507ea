package io.registry.server.sim;

import io.registry.distro.model.NodeId;
import io.registry.distro.sim.engine.Chance;
import io.registry.distro.sim.engine.SimProcess;
import io.registry.server.core.cluster.PeerCallException;
import io.registry.server.core.cluster.PeerCalls;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What one process asks others, over the simulated network. A question is carried out at most once, perhaps when nobody
 * waits for the answer any more.
 */
final class SimPeerCalls implements PeerCalls {

    private final NamingWorld world;
    private final NodeProcess asker;
    private final Chance chance;

    SimPeerCalls(NamingWorld world, NodeProcess asker) {
        this.world = world;
        this.asker = asker;
        this.chance = world.chance().of("calls of " + asker.id() + " " + asker.incarnation());
    }

    @Override
    public CompletableFuture<byte[]> ask(NodeId peer, byte[] command, Duration deadline) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        if (!world.network().isOpen(asker.id(), peer) && chance.odds(0.5)) {
            // Half of the time the stream has been found broken already.
            answer.completeExceptionally(failure(PeerCallException.Reason.UNREACHED, peer));
            return answer;
        }
        asker.after(
                deadline.toMillis(),
                () -> answer.completeExceptionally(failure(PeerCallException.Reason.UNANSWERED, peer)));
        world.carry(asker.id(), peer, SimProcess.once(() -> {
            NodeProcess there = world.process(peer);
            if (there != null) {
                there.turn(() -> there.answers()
                        .answer(asker.id(), command)
                        .whenComplete((reply, problem) -> world.carry(
                                peer,
                                asker.id(),
                                SimProcess.once(() -> asker.turn(() -> end(answer, peer, reply, problem))))));
            }
        }));
        return answer;
    }

    private static void end(
            CompletableFuture<byte[]> answer, NodeId peer, byte @Nullable [] reply, @Nullable Throwable problem) {
        if (reply != null) {
            answer.complete(reply);
        } else {
            answer.completeExceptionally(
                    new PeerCallException(PeerCallException.Reason.REFUSED, peer + " refuses: " + problem));
        }
    }

    private static PeerCallException failure(PeerCallException.Reason reason, NodeId peer) {
        return new PeerCallException(reason, peer + ": " + reason);
    }
}
