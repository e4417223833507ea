package io.registry.server.grpc.call;

import io.registry.distro.model.ClientId;
import io.registry.proto.envelope.OutboundEnvelope;
import io.registry.proto.payload.AwaitSubscribersRequest;
import io.registry.proto.payload.BatchInstanceRequest;
import io.registry.proto.payload.InstanceRequest;
import io.registry.proto.payload.NamingFuzzyWatchRequest;
import io.registry.proto.payload.PersistentInstanceRequest;
import io.registry.proto.payload.ServiceListRequest;
import io.registry.proto.payload.ServiceQueryRequest;
import io.registry.proto.payload.SubscribeServiceRequest;
import io.registry.server.core.event.Origin;
import io.registry.server.core.operate.ConnectionOperator;
import io.registry.server.core.operate.InstanceOperator;
import io.registry.server.core.operate.SubscriberWait;
import io.registry.server.core.service.ServiceCatalog;
import java.util.concurrent.CompletionStage;

/**
 * The calls about services, one method for each type of request.
 *
 * <p><b>Threading</b>: from any thread; nothing blocks. A stage completes before the call returns where the core is idle.
 *
 * <p><b>Errors</b>: a method throws, or its stage fails with, a {@link io.registry.api.error.RegistryException}, which
 * {@link Refusals} turns into an answer.
 */
public final class NamingCalls {

    private final InstanceHandler instance;
    private final BatchHandler batch;
    private final PersistentHandler persistent;
    private final QueryHandler query;
    private final SubscribeHandler subscribe;
    private final ListHandler list;
    private final FuzzyWatchHandler fuzzyWatch;
    private final AwaitHandler await;

    /**
     * Makes the calls.
     *
     * @param batchMax the most instances of one batch
     */
    public NamingCalls(
            ConnectionOperator connections,
            InstanceOperator instances,
            SubscriberWait subscribers,
            ServiceCatalog catalog,
            int batchMax) {
        this.instance = new InstanceHandler(connections);
        this.batch = new BatchHandler(connections, batchMax);
        this.persistent = new PersistentHandler(instances);
        this.query = new QueryHandler(connections);
        this.subscribe = new SubscribeHandler(connections);
        this.list = new ListHandler(catalog);
        this.fuzzyWatch = new FuzzyWatchHandler(connections);
        this.await = new AwaitHandler(subscribers);
    }

    /** Registers or deregisters an ephemeral instance. */
    public CompletionStage<OutboundEnvelope> instance(Origin origin, ClientId client, InstanceRequest request) {
        return instance.handle(origin, client, request);
    }

    /** Registers a batch of ephemeral instances. */
    public CompletionStage<OutboundEnvelope> batch(Origin origin, ClientId client, BatchInstanceRequest request) {
        return batch.handle(origin, client, request);
    }

    /** Registers or deregisters a persistent instance. */
    public CompletionStage<OutboundEnvelope> persistent(Origin origin, PersistentInstanceRequest request) {
        return persistent.handle(origin, request);
    }

    /** Answers what a service looks like. */
    public OutboundEnvelope query(ClientId client, ServiceQueryRequest request) {
        return query.handle(client, request);
    }

    /** Begins or ends a subscription. */
    public CompletionStage<OutboundEnvelope> subscribe(ClientId client, SubscribeServiceRequest request) {
        return subscribe.handle(client, request);
    }

    /** Lists services. */
    public OutboundEnvelope list(ServiceListRequest request) {
        return list.handle(request);
    }

    /** Waits until the subscribers of a service know it as it is. */
    public CompletionStage<OutboundEnvelope> awaitSubscribers(ClientId client, AwaitSubscribersRequest request) {
        return await.handle(client, request);
    }

    /** Begins, renews or ends a fuzzy watch. */
    public CompletionStage<OutboundEnvelope> fuzzyWatch(ClientId client, NamingFuzzyWatchRequest request) {
        return fuzzyWatch.handle(client, request);
    }
}
