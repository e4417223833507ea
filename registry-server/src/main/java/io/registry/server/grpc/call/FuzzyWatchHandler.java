package io.registry.server.grpc.call;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.distro.model.ClientId;
import io.registry.proto.codec.Answers;
import io.registry.proto.envelope.OutboundEnvelope;
import io.registry.proto.payload.NamingFuzzyWatchRequest;
import io.registry.proto.payload.PayloadError;
import io.registry.server.core.loop.Failures;
import io.registry.server.core.operate.ConnectionOperator;
import io.registry.server.core.push.FuzzyPattern;
import io.registry.server.core.push.FuzzyWatch;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Begins, renews and ends watches of which services exist. */
final class FuzzyWatchHandler {

    private final ConnectionOperator connections;

    FuzzyWatchHandler(ConnectionOperator connections) {
        this.connections = connections;
    }

    CompletionStage<OutboundEnvelope> handle(ClientId client, NamingFuzzyWatchRequest request) {
        FuzzyPattern pattern = FuzzyPattern.parse(request.groupKeyPattern());
        return switch (request.watchType()) {
            case NamingFuzzyWatchRequest.WATCH ->
                connections
                        .watch(client, pattern, request.initializing(), request.receivedGroupKeys())
                        .thenApply(matching -> watched(request, matching))
                        .exceptionally(problem -> overLimit(request, problem));
            case NamingFuzzyWatchRequest.CANCEL_WATCH ->
                connections.cancelWatch(client, pattern).thenApply(done -> Answers.fuzzyWatch());
            default -> CompletableFuture.completedFuture(Refusals.unknownOperation(request.watchType()));
        };
    }

    private static OutboundEnvelope watched(NamingFuzzyWatchRequest request, int matching) {
        // Above the limit the watch stays: the client is only told that it does not see all.
        return matching <= FuzzyWatch.MATCHES_MAX
                ? Answers.fuzzyWatch()
                : Answers.refusal(
                        request.answerType(),
                        PayloadError.FUZZY_WATCH_MATCHES,
                        "services that match " + request.groupKeyPattern() + ": more than " + FuzzyWatch.MATCHES_MAX
                                + " (expected: at most that)");
    }

    private static OutboundEnvelope overLimit(NamingFuzzyWatchRequest request, Throwable problem) {
        Throwable cause = Failures.cause(problem);
        if (cause instanceof RegistryException refusal && refusal.code() == ErrorCode.OVER_LIMIT) {
            return Answers.refusal(request.answerType(), PayloadError.FUZZY_WATCH_PATTERNS, refusal.getMessage());
        }
        throw new CompletionException(cause);
    }
}
