package io.registry.proto.envelope;

import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Reads received messages. A malformed one becomes an envelope that says so. */
final class InboundMarshaller implements Marshaller<Envelope> {

    @Override
    public InputStream stream(Envelope value) {
        throw new UnsupportedOperationException("received, not to be sent: " + value);
    }

    @Override
    public Envelope parse(InputStream stream) {
        try {
            return Envelope.decode(readAll(stream));
        } catch (MalformedEnvelopeException e) {
            return Envelope.malformed(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw Status.INTERNAL
                    .withDescription("message cannot be read")
                    .withCause(e)
                    .asRuntimeException();
        }
    }

    private static byte[] readAll(InputStream stream) throws IOException, MalformedEnvelopeException {
        if (!(stream instanceof KnownLength)) {
            // Only a decompressed message comes this way; gRPC bounds it, but not necessarily as we do.
            byte[] message = stream.readNBytes(Methods.MESSAGE_BYTES_MAX + 1);
            checkSize(message.length);
            return message;
        }
        int length = stream.available();
        checkSize(length);
        byte[] message = new byte[length];
        if (stream.readNBytes(message, 0, length) < length) {
            throw new EOFException("message shorter than announced: " + length);
        }
        return message;
    }

    private static void checkSize(int length) throws MalformedEnvelopeException {
        if (length > Methods.MESSAGE_BYTES_MAX) {
            throw new MalformedEnvelopeException(
                    "message: " + length + " bytes (expected: at most " + Methods.MESSAGE_BYTES_MAX + ")");
        }
    }
}
