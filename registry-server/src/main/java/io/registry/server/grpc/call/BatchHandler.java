package io.registry.server.grpc.call;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.distro.model.ClientId;
import io.registry.proto.codec.Answers;
import io.registry.proto.envelope.OutboundEnvelope;
import io.registry.proto.payload.BatchInstanceRequest;
import io.registry.proto.payload.WireInstance;
import io.registry.server.core.event.Origin;
import io.registry.server.core.operate.ConnectionOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Registers a batch, which replaces whatever the connection published about the service. */
final class BatchHandler {

    private static final OutboundEnvelope REGISTERED = Answers.batchInstance(BatchInstanceRequest.BATCH_REGISTER);

    private final ConnectionOperator connections;
    private final int batchMax;

    BatchHandler(ConnectionOperator connections, int batchMax) {
        this.connections = connections;
        this.batchMax = batchMax;
    }

    CompletionStage<OutboundEnvelope> handle(Origin origin, ClientId client, BatchInstanceRequest request) {
        ServiceKey service = RequestChecks.service(request);
        if (!request.operation().equals(BatchInstanceRequest.BATCH_REGISTER)) {
            return CompletableFuture.completedFuture(Refusals.unknownOperation(request.operation()));
        }
        int size = request.instances().size();
        if (size > batchMax) {
            throw new RegistryException(
                    ErrorCode.INVALID_PARAMETER,
                    "Param 'instances' is illegal, the batch has " + size + " instances, the size should not exceed "
                            + batchMax + ".");
        }
        List<Instance> instances = new ArrayList<>(size);
        for (WireInstance instance : request.instances()) {
            instances.add(RequestChecks.instance(instance, true));
        }
        return connections.registerBatch(origin, client, service, instances).thenApply(done -> REGISTERED);
    }
}
