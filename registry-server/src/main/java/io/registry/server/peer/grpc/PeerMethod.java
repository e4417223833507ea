package io.registry.server.peer.grpc;

import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The one method of the cluster port. */
final class PeerMethod {

    static final String SERVICE = "registry.Peer";

    static final MethodDescriptor<byte[], byte[]> STREAM = MethodDescriptor.newBuilder(new Bytes(), new Bytes())
            .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
            .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "stream"))
            .build();

    private PeerMethod() {}

    /** Messages are bytes: what they mean depends on their place in the stream. */
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {

        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                // Its length is bounded before it comes here.
                return stream.readAllBytes();
            } catch (IOException e) {
                throw Status.INTERNAL
                        .withDescription("message cannot be read")
                        .withCause(e)
                        .asRuntimeException();
            }
        }
    }
}
