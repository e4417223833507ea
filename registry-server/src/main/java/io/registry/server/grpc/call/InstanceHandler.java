package io.registry.server.grpc.call;

import io.registry.api.model.ServiceKey;
import io.registry.distro.model.ClientId;
import io.registry.proto.codec.Answers;
import io.registry.proto.envelope.OutboundEnvelope;
import io.registry.proto.payload.InstanceRequest;
import io.registry.proto.payload.WireInstance;
import io.registry.server.core.event.Origin;
import io.registry.server.core.operate.ConnectionOperator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Registers and deregisters the one instance of a service that a connection may publish. */
final class InstanceHandler {

    static final OutboundEnvelope REGISTERED = Answers.instance(InstanceRequest.REGISTER);
    static final OutboundEnvelope DEREGISTERED = Answers.instance(InstanceRequest.DEREGISTER);

    private final ConnectionOperator connections;

    InstanceHandler(ConnectionOperator connections) {
        this.connections = connections;
    }

    CompletionStage<OutboundEnvelope> handle(Origin origin, ClientId client, InstanceRequest request) {
        ServiceKey service = RequestChecks.service(request);
        return switch (request.operation()) {
            case InstanceRequest.REGISTER ->
                connections
                        .register(origin, client, service, RequestChecks.instance(request.instance(), true))
                        .thenApply(done -> REGISTERED);
            case InstanceRequest.DEREGISTER ->
                deregister(origin, client, service, request.instance()).thenApply(done -> DEREGISTERED);
            default -> CompletableFuture.completedFuture(Refusals.unknownOperation(request.operation()));
        };
    }

    /** Of this connection's own it does not matter which instance is named: its publication goes, whatever it holds. */
    private CompletionStage<@Nullable Void> deregister(
            Origin origin, ClientId client, ServiceKey service, @Nullable WireInstance instance) {
        return instance == null
                ? connections.deregister(origin, client, service)
                : connections.deregister(origin, client, service, instance.ip(), instance.port());
    }
}
