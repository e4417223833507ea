package io.registry.server.core.operate;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.distro.model.NodeId;
import io.registry.server.core.balance.Loads;
import io.registry.server.core.balance.Rebalancer;
import io.registry.server.core.cluster.PeerCalls;
import io.registry.server.core.cluster.PeerCommand;
import io.registry.server.core.cluster.PeerReply;
import io.registry.server.core.encoding.PeerCommandCodec;
import io.registry.server.core.encoding.UnknownFormException;
import io.registry.server.core.loop.Failures;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Takes what other nodes ask to whoever carries it out here, and brings back the reply; a refusal is a reply.
 *
 * <p><b>Threading</b>: from any thread; never blocks.
 */
public final class PeerDesk implements PeerCalls.Answers {

    private final PeerCommand.Handler<CompletionStage<PeerReply>> handler;

    /** Makes a desk. */
    public PeerDesk(
            ResponsibleRouter router,
            ServiceDigests digests,
            SubscriberWait subscribers,
            Loads loads,
            Rebalancer rebalancer,
            ServiceRepair repair) {
        this.handler = new PeerCommand.Handler<>() {
            @Override
            public CompletionStage<PeerReply> instance(PeerCommand.OfInstance command) {
                return router.carryOut(command);
            }

            @Override
            public CompletionStage<PeerReply> digest(PeerCommand.Digest command) {
                return digests.here(command.service()).thenApply(PeerReply::of);
            }

            @Override
            public CompletionStage<PeerReply> awaitSubscribers(PeerCommand.AwaitSubscribers command) {
                return subscribers.here(command);
            }

            @Override
            public CompletionStage<PeerReply> load(PeerCommand.Load command) {
                return CompletableFuture.completedFuture(PeerReply.of(loads.here()));
            }

            @Override
            public CompletionStage<PeerReply> shed(PeerCommand.Shed command) {
                return rebalancer.shed(command.keep(), null).thenApply(PeerReply::of);
            }

            @Override
            public CompletionStage<PeerReply> records(PeerCommand.Records command) {
                return repair.here(command.service(), command.wanted()).thenApply(PeerReply::of);
            }

            @Override
            public CompletionStage<PeerReply> askAgain(PeerCommand.AskAgain command) {
                return repair.askAgain(command.buckets()).thenApply(PeerReply::asked);
            }
        };
    }

    @Override
    public CompletionStage<byte[]> answer(NodeId from, byte[] question) {
        PeerCommand command;
        try {
            command = PeerCommandCodec.command(question);
        } catch (UnknownFormException e) {
            throw new RegistryException(ErrorCode.UNSUPPORTED, String.valueOf(e.getMessage()));
        }
        return command.to(handler).handle((reply, failure) -> {
            if (failure == null) {
                return PeerCommandCodec.encode(reply);
            }
            Throwable cause = Failures.cause(failure);
            if (cause instanceof RegistryException refusal) {
                String message = String.valueOf(refusal.getMessage());
                return PeerCommandCodec.encode(PeerReply.refused(refusal.code().name(), message));
            }
            throw new CompletionException(cause);
        });
    }
}
