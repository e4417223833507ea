package io.registry.proto.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages over a real transport on the loopback interface: a server that echoes, and a client that counts on it. */
class TransportTest {

    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new RawMarshaller();

    private Server server;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .maxInboundMessageSize(Methods.MESSAGE_BYTES_MAX)
                .addService(ServerServiceDefinition.builder(Methods.UNARY_SERVICE)
                        .addMethod(Methods.SERVER_UNARY, (call, headers) -> new Echo(call, 1))
                        .build())
                .addService(ServerServiceDefinition.builder(Methods.STREAM_SERVICE)
                        .addMethod(Methods.SERVER_STREAM, (call, headers) -> new Echo(call, 3))
                        .build())
                .build()
                .start();
        channel = NettyChannelBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()))
                .usePlaintext()
                .maxInboundMessageSize(Methods.MESSAGE_BYTES_MAX)
                .build();
    }

    @AfterEach
    void stop() throws InterruptedException {
        channel.shutdownNow();
        server.shutdownNow();
        assertThat(channel.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(server.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void pathsHaveNoPackage() {
        assertThat(Methods.SERVER_UNARY.getFullMethodName()).isEqualTo("Request/request");
        assertThat(Methods.SERVER_STREAM.getFullMethodName()).isEqualTo("BiRequestStream/requestBiStream");
        assertThat(Methods.CLIENT_UNARY.getFullMethodName()).isEqualTo(Methods.SERVER_UNARY.getFullMethodName());
        assertThat(Methods.CLIENT_STREAM.getFullMethodName()).isEqualTo(Methods.SERVER_STREAM.getFullMethodName());
    }

    @Test
    void aUnaryCallCarriesTypeHeadersAndBody() throws InterruptedException {
        Calls<Envelope> call = Calls.start(
                channel,
                Methods.CLIENT_UNARY,
                OutboundEnvelope.request("Ask", Map.of("app", "shop"), "192.0.2.2", utf8("{\"a\":"), utf8("1}")));

        Envelope answer = call.next();

        assertThat(answer.type()).isEqualTo("Ask/shop/192.0.2.2");
        assertThat(body(answer)).isEqualTo("{\"a\":1}");
        assertThat(call.end().getCode()).isEqualTo(Status.Code.OK);
    }

    @Test
    void largeBodiesOfSharedPartsArriveWhole() throws InterruptedException {
        byte[] part = new byte[300_000];
        Arrays.fill(part, (byte) 'h');
        byte[][] parts = new byte[20][];
        Arrays.fill(parts, part);

        Calls<Envelope> call = Calls.start(channel, Methods.CLIENT_UNARY, OutboundEnvelope.answer("Big", parts));

        assertThat(body(call.next())).isEqualTo("h".repeat(20 * 300_000));
    }

    @Test
    void aStreamCarriesManyMessages() throws InterruptedException {
        Calls<Envelope> call = Calls.start(channel, Methods.CLIENT_STREAM, OutboundEnvelope.answer("Say", utf8("{}")));

        assertThat(call.next().type()).isEqualTo("Say//");
        assertThat(call.next().type()).isEqualTo("Say//");
        assertThat(call.next().type()).isEqualTo("Say//");
    }

    @Test
    void aMalformedMessageReachesTheServerWithItsDefectAndHarmsNoOtherCall() throws InterruptedException {
        MethodDescriptor<byte[], Envelope> raw = MethodDescriptor.newBuilder(
                        BYTES, Methods.CLIENT_UNARY.getResponseMarshaller())
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("Request/request")
                .build();

        Calls<Envelope> malformed = Calls.start(channel, raw, new byte[] {0x12, 0x7f});
        Calls<Envelope> next = Calls.start(channel, Methods.CLIENT_UNARY, OutboundEnvelope.answer("Ask"));

        assertThat(malformed.next().type()).isEqualTo("malformed//");
        assertThat(next.next().type()).isEqualTo("Ask//");
        assertThat(next.end().getCode()).isEqualTo(Status.Code.OK);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String body(Envelope envelope) {
        return new String(envelope.array(), envelope.offset(), envelope.length(), StandardCharsets.UTF_8);
    }

    /** Says what it heard, a number of times. */
    private static final class Echo extends ServerCall.Listener<Envelope> {

        private final ServerCall<Envelope, OutboundEnvelope> call;
        private final int times;

        Echo(ServerCall<Envelope, OutboundEnvelope> call, int times) {
            this.call = call;
            this.times = times;
            call.request(2);
            call.sendHeaders(new Metadata());
        }

        @Override
        public void onMessage(Envelope message) {
            String app = message.header("APP");
            String name = message.defect() == null ? message.type() : "malformed";
            String type = name + "/" + (app == null ? "" : app) + "/" + message.clientIp();
            byte[] body = Arrays.copyOfRange(message.array(), message.offset(), message.offset() + message.length());
            for (int i = 0; i < times; i++) {
                call.sendMessage(OutboundEnvelope.answer(type, body));
            }
        }

        @Override
        public void onHalfClose() {
            call.close(Status.OK, new Metadata());
        }
    }

    /** One call of the client, whose answers wait in a queue. */
    private static final class Calls<A> extends ClientCall.Listener<A> {

        private final BlockingQueue<A> answers = new LinkedBlockingQueue<>();
        private final BlockingQueue<Status> ends = new LinkedBlockingQueue<>();

        static <Q, A> Calls<A> start(ManagedChannel channel, MethodDescriptor<Q, A> method, Q message) {
            Calls<A> calls = new Calls<>();
            ClientCall<Q, A> call = channel.newCall(method, CallOptions.DEFAULT);
            call.start(calls, new Metadata());
            call.request(16);
            call.sendMessage(message);
            call.halfClose();
            return calls;
        }

        A next() throws InterruptedException {
            A answer = answers.poll(10, TimeUnit.SECONDS);
            if (answer == null) {
                throw new AssertionError("no answer; ended: " + ends.peek());
            }
            return answer;
        }

        Status end() throws InterruptedException {
            Status status = ends.poll(10, TimeUnit.SECONDS);
            if (status == null) {
                throw new AssertionError("the call does not end");
            }
            return status;
        }

        @Override
        public void onMessage(A message) {
            answers.add(message);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            ends.add(status);
        }
    }

    private static final class RawMarshaller implements MethodDescriptor.Marshaller<byte[]> {

        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            throw new UnsupportedOperationException();
        }
    }
}
