package io.registry.proto.envelope;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;

/**
 * The two methods of the protocol, seen from each side. The protocol has no package, so their paths have no prefix.
 *
 * <p>{@code /Request/request} carries what a client asks. {@code /BiRequestStream/requestBiStream} carries the set-up of
 * its connection, what the server pushes, and the acknowledgements.
 */
public final class Methods {

    /** The most bytes of a message that is received, on either side; the protocol's clients have the same bound. */
    public static final int MESSAGE_BYTES_MAX = 10 * 1024 * 1024;

    /** The service of {@link #SERVER_UNARY}. */
    public static final String UNARY_SERVICE = "Request";

    /** The service of {@link #SERVER_STREAM}. */
    public static final String STREAM_SERVICE = "BiRequestStream";

    private static final Marshaller<Envelope> INBOUND = new InboundMarshaller();
    private static final Marshaller<OutboundEnvelope> OUTBOUND = new OutboundMarshaller();

    /** The unary call, as a server sees it. */
    public static final MethodDescriptor<Envelope, OutboundEnvelope> SERVER_UNARY = unary(INBOUND, OUTBOUND);

    /** The stream, as a server sees it. */
    public static final MethodDescriptor<Envelope, OutboundEnvelope> SERVER_STREAM = stream(INBOUND, OUTBOUND);

    /** The unary call, as a client sees it. */
    public static final MethodDescriptor<OutboundEnvelope, Envelope> CLIENT_UNARY = unary(OUTBOUND, INBOUND);

    /** The stream, as a client sees it. */
    public static final MethodDescriptor<OutboundEnvelope, Envelope> CLIENT_STREAM = stream(OUTBOUND, INBOUND);

    private Methods() {}

    private static <Q, A> MethodDescriptor<Q, A> unary(Marshaller<Q> requests, Marshaller<A> answers) {
        return MethodDescriptor.newBuilder(requests, answers)
                .setType(MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(UNARY_SERVICE, "request"))
                .build();
    }

    private static <Q, A> MethodDescriptor<Q, A> stream(Marshaller<Q> requests, Marshaller<A> answers) {
        return MethodDescriptor.newBuilder(requests, answers)
                .setType(MethodType.BIDI_STREAMING)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(STREAM_SERVICE, "requestBiStream"))
                .build();
    }
}
