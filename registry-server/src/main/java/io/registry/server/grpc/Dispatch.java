package io.registry.server.grpc;

import io.registry.distro.model.ClientId;
import io.registry.proto.codec.Answers;
import io.registry.proto.envelope.OutboundEnvelope;
import io.registry.proto.payload.AwaitSubscribersRequest;
import io.registry.proto.payload.BatchInstanceRequest;
import io.registry.proto.payload.ConnectionSetupRequest;
import io.registry.proto.payload.HealthCheckRequest;
import io.registry.proto.payload.InstanceRequest;
import io.registry.proto.payload.NamingFuzzyWatchRequest;
import io.registry.proto.payload.PersistentInstanceRequest;
import io.registry.proto.payload.RequestPayload;
import io.registry.proto.payload.ServerCheckRequest;
import io.registry.proto.payload.ServiceListRequest;
import io.registry.proto.payload.ServiceQueryRequest;
import io.registry.proto.payload.SubscribeServiceRequest;
import io.registry.server.core.event.Origin;
import io.registry.server.grpc.call.NamingCalls;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Leads one request of a registered client to what serves it, and counts it.
 *
 * @param client who asks
 * @param origin the same, for the record
 */
record Dispatch(ClientId client, Origin origin, NamingCalls calls, GrpcCounters counters)
        implements RequestPayload.Handler<CompletionStage<OutboundEnvelope>> {

    /** Answered before a client is registered, so it does not come here. */
    @Override
    public CompletionStage<OutboundEnvelope> serverCheck(ServerCheckRequest request) {
        return CompletableFuture.completedFuture(Answers.serverCheck(client.value(), true));
    }

    /** Belongs on a stream, so it does not come here. */
    @Override
    public CompletionStage<OutboundEnvelope> connectionSetup(ConnectionSetupRequest request) {
        return CompletableFuture.completedFuture(Answers.noHandler());
    }

    @Override
    public CompletionStage<OutboundEnvelope> healthCheck(HealthCheckRequest request) {
        counters.healthChecks.increment();
        return CompletableFuture.completedFuture(Answers.healthCheck());
    }

    @Override
    public CompletionStage<OutboundEnvelope> instance(InstanceRequest request) {
        counters.instanceRequests.increment();
        return calls.instance(origin, client, request);
    }

    @Override
    public CompletionStage<OutboundEnvelope> batchInstance(BatchInstanceRequest request) {
        counters.batchRequests.increment();
        return calls.batch(origin, client, request);
    }

    @Override
    public CompletionStage<OutboundEnvelope> persistentInstance(PersistentInstanceRequest request) {
        counters.persistentRequests.increment();
        return calls.persistent(origin, request);
    }

    @Override
    public CompletionStage<OutboundEnvelope> serviceQuery(ServiceQueryRequest request) {
        counters.queryRequests.increment();
        return CompletableFuture.completedFuture(calls.query(client, request));
    }

    @Override
    public CompletionStage<OutboundEnvelope> subscribeService(SubscribeServiceRequest request) {
        counters.subscribeRequests.increment();
        return calls.subscribe(client, request);
    }

    @Override
    public CompletionStage<OutboundEnvelope> serviceList(ServiceListRequest request) {
        counters.listRequests.increment();
        return CompletableFuture.completedFuture(calls.list(request));
    }

    @Override
    public CompletionStage<OutboundEnvelope> awaitSubscribers(AwaitSubscribersRequest request) {
        counters.awaitRequests.increment();
        return calls.awaitSubscribers(client, request);
    }

    @Override
    public CompletionStage<OutboundEnvelope> fuzzyWatch(NamingFuzzyWatchRequest request) {
        counters.fuzzyWatchRequests.increment();
        return calls.fuzzyWatch(client, request);
    }
}
