package io.registry.proto.envelope;

import io.grpc.MethodDescriptor.Marshaller;
import java.io.InputStream;

/** Writes messages to send. */
final class OutboundMarshaller implements Marshaller<OutboundEnvelope> {

    @Override
    public InputStream stream(OutboundEnvelope value) {
        return value.stream();
    }

    @Override
    public OutboundEnvelope parse(InputStream stream) {
        throw new UnsupportedOperationException("to be sent, not received");
    }
}
