package io.registry.server.grpc.call;

import io.registry.api.model.ServiceKey;
import io.registry.distro.model.ClientId;
import io.registry.proto.codec.Answers;
import io.registry.proto.envelope.OutboundEnvelope;
import io.registry.proto.payload.InstanceRequest;
import io.registry.server.core.operate.ConnectionOperator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Registers and deregisters the one instance of a service that a connection may publish. */
final class InstanceHandler {

    static final OutboundEnvelope REGISTERED = Answers.instance(InstanceRequest.REGISTER);
    static final OutboundEnvelope DEREGISTERED = Answers.instance(InstanceRequest.DEREGISTER);

    private final ConnectionOperator connections;

    InstanceHandler(ConnectionOperator connections) {
        this.connections = connections;
    }

    CompletionStage<OutboundEnvelope> handle(ClientId client, InstanceRequest request) {
        ServiceKey service = RequestChecks.service(request);
        return switch (request.operation()) {
            case InstanceRequest.REGISTER ->
                connections
                        .register(client, service, RequestChecks.instance(request.instance(), true))
                        .thenApply(done -> REGISTERED);
            // Which instance does not matter: the publication of this connection goes, whatever it holds.
            case InstanceRequest.DEREGISTER ->
                connections.deregister(client, service).thenApply(done -> DEREGISTERED);
            default -> CompletableFuture.completedFuture(Refusals.unknownOperation(request.operation()));
        };
    }
}
