package io.registry.server.grpc.call;

import io.registry.api.model.ServiceKey;
import io.registry.distro.model.ClientId;
import io.registry.proto.codec.Answers;
import io.registry.proto.envelope.OutboundEnvelope;
import io.registry.proto.payload.ServiceQueryRequest;
import io.registry.server.core.operate.ConnectionOperator;

/** Answers what a service looks like now; one that is not there has no instances. */
final class QueryHandler {

    private final ConnectionOperator connections;

    QueryHandler(ConnectionOperator connections) {
        this.connections = connections;
    }

    OutboundEnvelope handle(ClientId client, ServiceQueryRequest request) {
        ServiceKey service = RequestChecks.service(request);
        String clusters = RequestChecks.clusters(request.cluster());
        ServiceParts parts = ServiceParts.of(connections.query(client, service, clusters, request.healthyOnly()));
        return Answers.queryService(parts.head(), parts.hosts(), parts.tail());
    }
}
