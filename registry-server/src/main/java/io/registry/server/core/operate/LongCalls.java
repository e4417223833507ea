package io.registry.server.core.operate;

import io.registry.distro.model.NodeId;
import io.registry.distro.port.DistroClock;
import io.registry.server.core.cluster.PeerCalls;
import io.registry.server.core.cluster.PeerCommand;
import io.registry.server.core.cluster.PeerReply;
import io.registry.server.core.encoding.PeerCommandCodec;
import io.registry.server.core.loop.RegistryLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Questions to members whose answer may take its time. A few are under way to each member and the others wait their turn,
 * so that the calls of clients, which are soon over, find room beside them.
 *
 * <p><b>Threading</b>: on the loop; what is returned completes on any thread.
 */
final class LongCalls {

    /** Half of the calls that may be under way to a member. */
    private static final int UNDER_WAY_MAX = 128;

    private final RegistryLoop loop;
    private final DistroClock clock;
    private final PeerCalls peers;
    private final Map<NodeId, Lane> lanes = new TreeMap<>();

    private static final class Lane {
        int underWay;
        final Queue<Waiting> waiting = new ArrayDeque<>();
    }

    private record Waiting(
            long untilMillis, Function<Duration, PeerCommand> question, CompletableFuture<PeerReply> reply) {}

    LongCalls(RegistryLoop loop, DistroClock clock, PeerCalls peers) {
        this.loop = loop;
        this.clock = clock;
        this.peers = peers;
    }

    /**
     * Asks a member when it is its turn.
     *
     * @param within how long it may take in all, until the member answers
     * @param grace how much later its answer may arrive
     * @param question what to ask, for the time that is left then
     * @return the reply; or failed with a {@link io.registry.server.core.cluster.PeerCallException}, or with a {@link
     *     io.registry.api.error.RegistryException} where the member refuses
     */
    CompletableFuture<PeerReply> ask(
            NodeId member, Duration within, Duration grace, Function<Duration, PeerCommand> question) {
        CompletableFuture<PeerReply> reply = new CompletableFuture<>();
        Lane lane = lanes.computeIfAbsent(member, id -> new Lane());
        lane.waiting.add(new Waiting(clock.monotonicMillis() + within.toMillis(), question, reply));
        next(member, lane, grace);
        return reply;
    }

    private void next(NodeId member, Lane lane, Duration grace) {
        while (lane.underWay < UNDER_WAY_MAX) {
            Waiting waiting = lane.waiting.poll();
            if (waiting == null) {
                return;
            }
            lane.underWay++;
            Duration left = Duration.ofMillis(Math.max(0, waiting.untilMillis() - clock.monotonicMillis()));
            byte[] command = PeerCommandCodec.encode(waiting.question().apply(left));
            var unused = peers.ask(member, command, left.plus(grace))
                    .thenApply(PeerCommandCodec::carriedOut)
                    .whenComplete((reply, failure) -> {
                        if (failure == null) {
                            waiting.reply().complete(reply);
                        } else {
                            waiting.reply().completeExceptionally(failure);
                        }
                        loop.post(() -> {
                            lane.underWay--;
                            next(member, lane, grace);
                        });
                    });
        }
    }
}
