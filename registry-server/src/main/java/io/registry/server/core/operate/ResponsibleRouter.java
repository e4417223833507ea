package io.registry.server.core.operate;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroChange;
import io.registry.distro.DistroListener;
import io.registry.distro.DistroProtocol;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.NodeId;
import io.registry.server.core.client.BeatIds;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.cluster.PeerCallException;
import io.registry.server.core.cluster.PeerCalls;
import io.registry.server.core.cluster.PeerCommand;
import io.registry.server.core.cluster.PeerReply;
import io.registry.server.core.encoding.PeerCommandCodec;
import io.registry.server.core.encoding.UnknownFormException;
import io.registry.server.core.event.Origins;
import io.registry.server.core.loop.Failures;
import io.registry.server.core.loop.RegistryLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Has each command about an instance that lives by beats carried out by the node that is responsible for its address:
 * here, or there, once. A node that is asked does it whatever its own opinion, so a command never goes further. That the
 * responsible node could not be asked is never taken for its not knowing the instance.
 *
 * <p>What another node has done is shown here before the caller is answered, as far as it comes in time.
 *
 * <p><b>Threading</b>: from any thread; a listener on the loop.
 */
public final class ResponsibleRouter implements DistroListener<ServiceKey, ClientData> {

    /** How long a caller waits for what another node has done to be seen here, too: far longer than a message takes. */
    private static final Duration SHOWN_WITHIN = Duration.ofMillis(500);

    private final NodeId self;
    private final RegistryLoop loop;
    private final DistroProtocol<ServiceKey, ClientData> distro;
    private final BeatOperator beats;
    private final PeerCalls peers;
    private final Origins origins;
    private final KnownWaits waits;

    /** What one turn has come to: a reply, or who is to be asked. */
    private record Turn(@Nullable PeerReply reply, NodeId node) {}

    ResponsibleRouter(
            NodeId self,
            RegistryLoop loop,
            DistroProtocol<ServiceKey, ClientData> distro,
            BeatOperator beats,
            PeerCalls peers,
            Origins origins) {
        this.self = self;
        this.loop = loop;
        this.distro = distro;
        this.beats = beats;
        this.peers = peers;
        this.origins = origins;
        this.waits = new KnownWaits(loop, distro);
    }

    /** Has a command carried out; fails with a {@link RegistryException} where it is refused, or nobody could be asked. */
    CompletionStage<PeerReply> run(PeerCommand.OfInstance command) {
        BeatOperator.Prepared prepared = beats.prepare(command);
        return loop.call(() -> {
                    NodeId node = distro.responsibleFor(command.address());
                    return node.equals(self) ? new Turn(here(prepared), self) : new Turn(null, node);
                })
                .thenCompose(turn -> turn.reply() == null
                        ? forward(turn.node(), command)
                        : CompletableFuture.completedFuture(turn.reply()));
    }

    /** Returns the node that this one takes for the responsible one of an address, {@code ip:port}. */
    public CompletionStage<NodeId> responsibleFor(String address) {
        return loop.call(() -> distro.responsibleFor(address));
    }

    /** Carries a command out on this node, which another one takes for the responsible one; fails as {@link #run} does. */
    CompletionStage<PeerReply> carryOut(PeerCommand.OfInstance command) {
        BeatOperator.Prepared prepared = beats.prepare(command);
        return loop.call(() -> here(prepared));
    }

    private PeerReply here(BeatOperator.Prepared prepared) {
        BeatAnswer answer = origins.during(prepared.command().origin(), () -> beats.run(prepared));
        DistroRecord<ClientData> known = distro.known(clientOf(prepared.command()));
        long told = known == null ? 0 : known.stamp().told();
        long heard = known == null ? 0 : known.stamp().heard();
        return new PeerReply(
                "", "", told, heard, answer.code(), answer.intervalMillis(), answer.light(), null, null, null, null, 0);
    }

    private CompletionStage<PeerReply> forward(NodeId node, PeerCommand.OfInstance command) {
        return peers.ask(node, PeerCommandCodec.encode(command.through(self)), PeerCalls.DEADLINE)
                .handle((bytes, failure) -> {
                    if (failure != null) {
                        throw unreached(node, failure);
                    }
                    return reply(node, bytes);
                })
                .thenCompose(reply -> shown(command, reply));
    }

    private static PeerReply reply(NodeId node, byte[] bytes) {
        PeerReply reply;
        try {
            reply = PeerCommandCodec.reply(bytes);
        } catch (UnknownFormException e) {
            throw new RegistryException(
                    ErrorCode.UNREACHABLE, "reply of the responsible node " + node + ": " + e.getMessage());
        }
        if (reply.refusal().isEmpty()) {
            return reply;
        }
        ErrorCode code;
        try {
            code = ErrorCode.valueOf(reply.refusal());
        } catch (IllegalArgumentException e) {
            // A newer node's code, which this one has no name for.
            code = ErrorCode.ILLEGAL_STATE;
        }
        throw new RegistryException(code, reply.message());
    }

    private static RegistryException unreached(NodeId node, Throwable failure) {
        Throwable cause = Failures.cause(failure);
        boolean done = cause instanceof PeerCallException call && call.reason() == PeerCallException.Reason.UNANSWERED;
        return new RegistryException(
                ErrorCode.UNREACHABLE,
                "the responsible node " + node + (done ? " has not answered" : " could not be asked") + ": "
                        + cause.getMessage());
    }

    /** Waits until this node shows what the command has led to; a beat that changes nothing is not waited for. */
    private CompletionStage<PeerReply> shown(PeerCommand.OfInstance command, PeerReply reply) {
        if (command instanceof PeerCommand.Beat) {
            return CompletableFuture.completedFuture(reply);
        }
        CompletableFuture<@Nullable Void> shown = new CompletableFuture<>();
        loop.post(() -> waits.await(clientOf(command), reply.told(), SHOWN_WITHIN, isKnown -> shown.complete(null)));
        return shown.thenApply(ignored -> reply);
    }

    @Override
    public void changed(DistroChange<ServiceKey, ClientData> change) {
        waits.changed(change.client());
    }

    private static ClientId clientOf(PeerCommand.OfInstance command) {
        return BeatIds.of(command.service(), command.ip(), command.port());
    }
}
