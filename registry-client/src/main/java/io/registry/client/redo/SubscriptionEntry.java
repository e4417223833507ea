package io.registry.client.redo;

import io.registry.api.model.ServiceKey;
import io.registry.client.grpc.GrpcConnection;
import io.registry.proto.envelope.Envelope;
import io.registry.proto.payload.RequestPayload;
import io.registry.proto.payload.SubscribeServiceRequest;
import java.util.function.BiConsumer;

/**
 * The subscription to one service, with all its clusters: whoever wants some of them picks for himself.
 *
 * <p><b>Threading</b>: for the client loop.
 */
public final class SubscriptionEntry extends RedoEntry {

    private final ServiceKey service;
    private final BiConsumer<GrpcConnection, Envelope> answers;
    private boolean following = true;
    private boolean sent;

    /**
     * Makes an entry that is wanted.
     *
     * @param answers takes what the server says of the service when it acknowledges
     */
    public SubscriptionEntry(ServiceKey service, BiConsumer<GrpcConnection, Envelope> answers) {
        this.service = service;
        this.answers = answers;
    }

    /** Says whether the service is to be followed; returns whether that is news. */
    public boolean follow(boolean value) {
        boolean news = following != value;
        following = value;
        return news;
    }

    @Override
    public String subject() {
        return "subscription " + service.groupedName();
    }

    @Override
    int order() {
        return 1;
    }

    @Override
    boolean unwanted() {
        return !following;
    }

    @Override
    RequestPayload request() {
        sent = following;
        return new SubscribeServiceRequest(service.namespace(), service.name(), service.group(), following, "");
    }

    @Override
    void accepted(GrpcConnection connection, Envelope answer) {
        if (sent) {
            answers.accept(connection, answer);
        }
    }

    @Override
    void revert() {
        following = false;
    }
}
