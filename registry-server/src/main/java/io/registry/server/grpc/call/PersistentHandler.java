package io.registry.server.grpc.call;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.proto.envelope.OutboundEnvelope;
import io.registry.proto.payload.InstanceRequest;
import io.registry.proto.payload.PersistentInstanceRequest;
import io.registry.server.core.event.Origin;
import io.registry.server.core.operate.InstanceOperator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Registers and deregisters instances that outlive the connection they came on. */
final class PersistentHandler {

    private final InstanceOperator instances;

    PersistentHandler(InstanceOperator instances) {
        this.instances = instances;
    }

    CompletionStage<OutboundEnvelope> handle(Origin origin, PersistentInstanceRequest request) {
        ServiceKey service = RequestChecks.service(request);
        switch (request.operation()) {
            case InstanceRequest.REGISTER -> {
                Instance instance = RequestChecks.instance(request.instance(), false);
                return instances.register(origin, service, instance).thenApply(done -> InstanceHandler.REGISTERED);
            }
            case InstanceRequest.DEREGISTER -> {
                Instance instance = RequestChecks.instance(request.instance(), false);
                return instances
                        .deregister(origin, service, instance.ip(), instance.port(), false)
                        .thenApply(done -> InstanceHandler.DEREGISTERED);
            }
            default -> {
                return CompletableFuture.completedFuture(Refusals.unknownOperation(request.operation()));
            }
        }
    }
}
