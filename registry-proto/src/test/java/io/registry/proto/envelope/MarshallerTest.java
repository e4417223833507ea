package io.registry.proto.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MarshallerTest {

    private static final byte[] HEAD = utf8("{\"hosts\":[");
    private static final byte[] HOSTS = utf8("{},{}");
    private static final byte[] TAIL = utf8("]}");
    private static final OutboundEnvelope PUSH =
            OutboundEnvelope.request("PushRequest", Map.of(), "192.0.2.1", HEAD, HOSTS, new byte[0], TAIL);

    @Test
    void partsAreDrainedOneByOneAndNeverCopied() throws IOException {
        List<byte[]> arrays = new ArrayList<>();
        OutputStream target = new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("byte by byte");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                assertThat(offset).isZero();
                assertThat(length).isEqualTo(bytes.length);
                arrays.add(bytes);
            }
        };

        int drained = ((Drainable) stream()).drainTo(target);

        assertThat(drained).isEqualTo(PUSH.size());
        assertThat(arrays).hasSize(4);
        assertThat(arrays.get(1)).isSameAs(HEAD);
        assertThat(arrays.get(2)).isSameAs(HOSTS);
        assertThat(arrays.get(3)).isSameAs(TAIL);
    }

    @Test
    void readingAndDrainingGiveTheSameBytesAndCountDown() throws IOException {
        byte[] expected = PUSH.toBytes();
        for (int readFirst = 0; readFirst <= expected.length; readFirst++) {
            InputStream stream = stream();
            ByteArrayOutputStream read = new ByteArrayOutputStream();

            read.writeBytes(stream.readNBytes(readFirst));
            assertThat(((KnownLength) stream).available()).isEqualTo(expected.length - readFirst);
            ((Drainable) stream).drainTo(read);

            assertThat(read.toByteArray()).isEqualTo(expected);
            assertThat(stream.available()).isZero();
            assertThat(stream.read()).isEqualTo(-1);
            assertThat(stream.read(new byte[1])).isEqualTo(-1);
        }
    }

    @Test
    void singleBytesAreReadUnsigned() throws IOException {
        InputStream stream = Methods.SERVER_UNARY.streamResponse(OutboundEnvelope.answer("\u00e9"));
        ByteArrayOutputStream read = new ByteArrayOutputStream();

        for (int b = stream.read(); b >= 0; b = stream.read()) {
            read.write(b);
        }

        assertThat(read.toByteArray())
                .isEqualTo(OutboundEnvelope.answer("\u00e9").toBytes());
    }

    @Test
    void oneEnvelopeIsSentManyTimes() throws IOException {
        byte[] first = stream().readAllBytes();
        byte[] second = stream().readAllBytes();

        assertThat(second).isEqualTo(first);
    }

    @Test
    void ofAStreamThatKnowsItsLengthExactlyThatMuchIsRead() {
        byte[] message = PUSH.toBytes();
        KnownStream stream = new KnownStream(Arrays.copyOf(message, message.length + 5), message.length);

        Envelope envelope = Methods.SERVER_UNARY.parseRequest(stream);

        assertThat(envelope.type()).isEqualTo("PushRequest");
        assertThat(envelope.array()).hasSameSizeAs(message);
        assertThat(stream.bytesRead).isEqualTo(message.length);
    }

    @Test
    void aStreamThatDoesNotKnowItsLengthIsReadToItsEnd() {
        InputStream stream = new ByteArrayInputStream(PUSH.toBytes());

        Envelope envelope = Methods.CLIENT_STREAM.parseResponse(stream);

        assertThat(envelope.type()).isEqualTo("PushRequest");
    }

    @Test
    void aMalformedMessageSaysSoAndDoesNotThrowIntoGrpc() {
        refused(new ByteArrayInputStream(new byte[] {0x12, 0x7f}));
    }

    @Test
    void aMessageBeyondTheBoundIsRefusedBeforeItIsAllocated() {
        refused(new KnownStream(new byte[0], Integer.MAX_VALUE));
        refused(new ByteArrayInputStream(new byte[Methods.MESSAGE_BYTES_MAX + 1]));
    }

    private static void refused(InputStream stream) {
        Envelope envelope = Methods.SERVER_UNARY.parseRequest(stream);

        assertThat(envelope.defect()).contains("expected");
        assertThat(envelope.type()).isEmpty();
        assertThat(envelope.length()).isZero();
    }

    private static InputStream stream() {
        return Methods.SERVER_UNARY.streamResponse(PUSH);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A stream like those that gRPC hands over, and longer than what it announces only where a test says so. */
    private static final class KnownStream extends InputStream implements KnownLength {

        private final byte[] bytes;
        private final int announced;
        private int bytesRead;

        KnownStream(byte[] bytes, int announced) {
            this.bytes = bytes;
            this.announced = announced;
        }

        @Override
        public int available() {
            return announced - bytesRead;
        }

        @Override
        public int read() {
            return bytesRead < bytes.length ? bytes[bytesRead++] & 0xff : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            int count = Math.min(length, bytes.length - bytesRead);
            System.arraycopy(bytes, bytesRead, target, offset, count);
            bytesRead += count;
            return count == 0 && length > 0 ? -1 : count;
        }
    }
}
