package io.registry.server.grpc.call;

import io.registry.api.model.ServiceKey;
import io.registry.distro.model.ClientId;
import io.registry.proto.codec.Answers;
import io.registry.proto.envelope.OutboundEnvelope;
import io.registry.proto.payload.SubscribeServiceRequest;
import io.registry.server.core.operate.ConnectionOperator;
import io.registry.server.core.service.ServiceAnswer;
import java.util.concurrent.CompletionStage;

/**
 * Begins and ends subscriptions. Both are answered with the service as it is; ending one that is not there succeeds, for
 * old clients name it the wrong way round.
 */
final class SubscribeHandler {

    private final ConnectionOperator connections;

    SubscribeHandler(ConnectionOperator connections) {
        this.connections = connections;
    }

    CompletionStage<OutboundEnvelope> handle(ClientId client, SubscribeServiceRequest request) {
        ServiceKey service = RequestChecks.service(request);
        String clusters = RequestChecks.clusters(request.clusters());
        if (request.subscribe()) {
            return connections.subscribe(client, service, clusters).thenApply(SubscribeHandler::answer);
        }
        return connections
                .unsubscribe(client, service, clusters)
                .thenApply(done -> answer(connections.query(client, service, clusters, false)));
    }

    private static OutboundEnvelope answer(ServiceAnswer found) {
        ServiceParts parts = ServiceParts.of(found);
        return Answers.subscribeService(parts.head(), parts.hosts(), parts.tail());
    }
}
