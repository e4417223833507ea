package io.registry.server.grpc;

import io.registry.api.error.RegistryException;
import io.registry.proto.envelope.Envelope;
import io.registry.proto.payload.AwaitSubscribersRequest;
import io.registry.proto.payload.BatchInstanceRequest;
import io.registry.proto.payload.ConnectionSetupRequest;
import io.registry.proto.payload.HealthCheckRequest;
import io.registry.proto.payload.InstanceRequest;
import io.registry.proto.payload.NamingFuzzyWatchRequest;
import io.registry.proto.payload.NamingRequest;
import io.registry.proto.payload.PersistentInstanceRequest;
import io.registry.proto.payload.RequestPayload;
import io.registry.proto.payload.ServerCheckRequest;
import io.registry.proto.payload.ServiceListRequest;
import io.registry.proto.payload.ServiceQueryRequest;
import io.registry.proto.payload.SubscribeServiceRequest;
import io.registry.server.core.access.Credentials;
import io.registry.server.core.access.Resource;
import io.registry.server.core.access.Rule;
import io.registry.server.core.push.FuzzyPattern;

/**
 * What each type of request asks of its caller, and how a caller says who it is. A type without a rule does not compile.
 * A password is not taken here: comparing it would hold up the threads of all connections.
 */
final class PayloadAccess implements RequestPayload.Handler<PayloadAccess.Asked> {

    private static final Asked NOTHING = new Asked(Rule.OPEN, Resource.EVERYTHING);

    /**
     * What a request asks.
     *
     * @param rule what it asks of its caller
     * @param resource what it is about
     */
    record Asked(Rule rule, Resource resource) {}

    /** Returns what a message says of who sends it. */
    static Credentials credentials(Envelope message, String address) {
        String token = message.header("accessToken");
        if (token == null || token.isEmpty()) {
            token = Credentials.bearer(message.header("Authorization"));
        }
        return Credentials.of(token, address);
    }

    @Override
    public Asked serverCheck(ServerCheckRequest request) {
        return NOTHING;
    }

    @Override
    public Asked connectionSetup(ConnectionSetupRequest request) {
        return NOTHING;
    }

    @Override
    public Asked healthCheck(HealthCheckRequest request) {
        return NOTHING;
    }

    @Override
    public Asked instance(InstanceRequest request) {
        return register(request);
    }

    @Override
    public Asked batchInstance(BatchInstanceRequest request) {
        return register(request);
    }

    @Override
    public Asked persistentInstance(PersistentInstanceRequest request) {
        return register(request);
    }

    @Override
    public Asked serviceQuery(ServiceQueryRequest request) {
        return discover(request);
    }

    @Override
    public Asked subscribeService(SubscribeServiceRequest request) {
        return discover(request);
    }

    @Override
    public Asked serviceList(ServiceListRequest request) {
        return new Asked(Rule.DISCOVER, new Resource(request.namespace(), request.groupName(), Resource.ALL));
    }

    /** Whoever changes a service may wait until the change is known. */
    @Override
    public Asked awaitSubscribers(AwaitSubscribersRequest request) {
        return register(request);
    }

    /** Returns what a watch is about: the pattern itself, since what allows it allows whatever fits it. */
    static Resource resource(FuzzyPattern pattern) {
        return new Resource(pattern.namespace(), pattern.group(), pattern.name());
    }

    @Override
    public Asked fuzzyWatch(NamingFuzzyWatchRequest request) {
        try {
            return new Asked(Rule.DISCOVER, resource(FuzzyPattern.parse(request.groupKeyPattern())));
        } catch (RegistryException e) {
            return new Asked(Rule.DISCOVER, Resource.EVERYTHING);
        }
    }

    private static Asked register(NamingRequest request) {
        return new Asked(Rule.REGISTER, Resource.of(request.service()));
    }

    private static Asked discover(NamingRequest request) {
        return new Asked(Rule.DISCOVER, Resource.of(request.service()));
    }
}
