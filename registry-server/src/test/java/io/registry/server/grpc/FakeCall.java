package io.registry.server.grpc;

import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.registry.proto.envelope.Envelope;
import io.registry.proto.envelope.Methods;
import io.registry.proto.envelope.OutboundEnvelope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A call without a network: keeps what is written to it. */
final class FakeCall extends ServerCall<Envelope, OutboundEnvelope> {

    final List<OutboundEnvelope> sent = new ArrayList<>();
    boolean ready = true;
    int requested;

    @Nullable
    Status ended;

    private final Attributes attributes;

    FakeCall(Connection connection) {
        attributes = Attributes.newBuilder().set(Connection.KEY, connection).build();
    }

    List<String> types() {
        return sent.stream().map(OutboundEnvelope::type).toList();
    }

    @Override
    public void request(int count) {
        requested += count;
    }

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(OutboundEnvelope message) {
        sent.add(message);
    }

    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public void close(Status status, Metadata trailers) {
        if (ended != null) {
            throw new IllegalStateException("ended twice: " + ended + ", " + status);
        }
        ended = status;
    }

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public void setOnReadyThreshold(int bytes) {}

    @Override
    public Attributes getAttributes() {
        return attributes;
    }

    @Override
    public MethodDescriptor<Envelope, OutboundEnvelope> getMethodDescriptor() {
        return Methods.SERVER_STREAM;
    }
}
