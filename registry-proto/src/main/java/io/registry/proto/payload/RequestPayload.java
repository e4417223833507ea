package io.registry.proto.payload;

/**
 * What a client asks. One record for each type of request.
 *
 * <p>A value is what was sent, with the protocol's default for what was not; it has passed no check of names or bounds.
 */
public sealed interface RequestPayload permits ConnectionRequest, NamingRequest, NamingFuzzyWatchRequest {

    /** Returns the name of the request's type on the wire. */
    String type();

    /** Returns the name of the type of its answer, which a refusal has as well. */
    String answerType();

    /** Calls the method of the handler that is for this type of request. */
    <R> R accept(Handler<R> handler);

    /** One method for each type of request. */
    interface Handler<R> {

        /** Handles the first question of every client: is a server there. */
        R serverCheck(ServerCheckRequest request);

        /** Handles the first message of a stream, which makes its connection a registered one. */
        R connectionSetup(ConnectionSetupRequest request);

        /** Handles the sign of life of an otherwise silent client. */
        R healthCheck(HealthCheckRequest request);

        /** Handles the registration or removal of an ephemeral instance. */
        R instance(InstanceRequest request);

        /** Handles the registration of all ephemeral instances of a service at once. */
        R batchInstance(BatchInstanceRequest request);

        /** Handles the registration or removal of a persistent instance. */
        R persistentInstance(PersistentInstanceRequest request);

        /** Handles the question for the instances of a service. */
        R serviceQuery(ServiceQueryRequest request);

        /** Handles the beginning or end of a subscription. */
        R subscribeService(SubscribeServiceRequest request);

        /** Handles the question for the names of the services of a group. */
        R serviceList(ServiceListRequest request);

        /** Handles the wait until all subscribers know a service as it is. */
        R awaitSubscribers(AwaitSubscribersRequest request);

        /** Handles the beginning, repetition or end of a watch for a pattern of service names. */
        R fuzzyWatch(NamingFuzzyWatchRequest request);
    }
}
