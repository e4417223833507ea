package io.registry.server.grpc.call;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.ServiceKey;
import io.registry.distro.model.ClientId;
import io.registry.proto.codec.Answers;
import io.registry.proto.envelope.OutboundEnvelope;
import io.registry.proto.payload.AwaitSubscribersRequest;
import io.registry.server.core.cluster.SubscribersSeen;
import io.registry.server.core.operate.SubscriberWait;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Answers when the subscribers of a service know it as it is, or says who does not. */
final class AwaitHandler {

    private final SubscriberWait subscribers;

    AwaitHandler(SubscriberWait subscribers) {
        this.subscribers = subscribers;
    }

    CompletionStage<OutboundEnvelope> handle(ClientId client, AwaitSubscribersRequest request) {
        ServiceKey service = RequestChecks.service(request);
        int millis = request.timeoutMillis();
        if (millis < 0 || millis > AwaitSubscribersRequest.TIMEOUT_MILLIS_MAX) {
            throw new RegistryException(
                    ErrorCode.INVALID_PARAMETER,
                    "timeoutMillis: " + millis + " (expected: 0.." + AwaitSubscribersRequest.TIMEOUT_MILLIS_MAX + ")");
        }
        return subscribers
                .everywhere(client, service, Duration.ofMillis(millis))
                .thenApply(AwaitHandler::answer);
    }

    private static OutboundEnvelope answer(SubscribersSeen seen) {
        return Answers.awaitSubscribers(seen.subscribers(), seen.missingCount(), seen.missing());
    }
}
