package io.registry.server.grpc;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.registry.proto.codec.Requests;
import io.registry.proto.envelope.Envelope;
import io.registry.proto.envelope.Methods;
import io.registry.proto.envelope.OutboundEnvelope;
import io.registry.proto.payload.ConnectionSetupRequest;
import io.registry.proto.payload.InstanceRequest;
import io.registry.proto.payload.RequestPayload;
import io.registry.proto.payload.ServerCheckRequest;
import io.registry.proto.payload.ServiceQueryRequest;
import io.registry.proto.payload.SubscribeServiceRequest;
import io.registry.proto.payload.WireInstance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Plays a first client of the port: connects, publishes, subscribes and asks. So a class archive that is made of the
 * process holds what real clients will need.
 */
public final class SdkRehearsal {

    private static final int PATIENCE_SECONDS = 20;
    private static final int TIMES = 20;
    private static final String SERVICE = "rehearsal";
    private static final String NAMESPACE = "public";
    private static final String GROUP = "DEFAULT_GROUP";

    private SdkRehearsal() {}

    /**
     * Plays the client.
     *
     * @throws IOException where an answer is not what a client would expect
     */
    public static void play(InetAddress address, int port) throws IOException, InterruptedException {
        ManagedChannel channel = NettyChannelBuilder.forAddress(new InetSocketAddress(address, port))
                .usePlaintext()
                .directExecutor()
                .build();
        try {
            connect(channel);
            for (int i = 0; i < TIMES; i++) {
                publish(channel, InstanceRequest.REGISTER, i);
                ask(channel, new SubscribeServiceRequest(NAMESPACE, SERVICE, GROUP, i % 2 == 0, ""));
                ask(channel, new ServiceQueryRequest(NAMESPACE, SERVICE, GROUP, "", false));
            }
            publish(channel, InstanceRequest.DEREGISTER, 0);
        } finally {
            channel.shutdownNow();
        }
    }

    private static void connect(ManagedChannel channel) throws IOException, InterruptedException {
        ask(channel, new ServerCheckRequest());
        CompletableFuture<Envelope> acknowledged = new CompletableFuture<>();
        ClientCall<OutboundEnvelope, Envelope> stream = channel.newCall(Methods.CLIENT_STREAM, CallOptions.DEFAULT);
        stream.start(new Answer(acknowledged), new Metadata());
        stream.request(1_000);
        stream.sendMessage(encode(new ConnectionSetupRequest(
                "Nacos-Java-Client:v2.5.1",
                "",
                Map.of(ConnectionSetupRequest.LABEL_MODULE, ConnectionSetupRequest.MODULE_NAMING),
                Map.of())));
        await(acknowledged, "the stream");
    }

    private static void publish(ManagedChannel channel, String operation, int weight)
            throws IOException, InterruptedException {
        Map<String, String> metadata = Map.of("zone", "a", "version", "1");
        WireInstance instance =
                new WireInstance(null, "192.0.2.2", 1, 1 + weight, true, true, true, "DEFAULT", null, metadata);
        ask(channel, new InstanceRequest(NAMESPACE, SERVICE, GROUP, operation, instance));
    }

    private static void ask(ManagedChannel channel, RequestPayload request) throws IOException, InterruptedException {
        CompletableFuture<Envelope> answered = new CompletableFuture<>();
        ClientCall<OutboundEnvelope, Envelope> call = channel.newCall(Methods.CLIENT_UNARY, CallOptions.DEFAULT);
        call.start(new Answer(answered), new Metadata());
        call.request(2);
        call.sendMessage(encode(request));
        call.halfClose();
        Envelope answer = await(answered, request.type());
        String body = new String(answer.array(), answer.offset(), answer.length(), StandardCharsets.UTF_8);
        if (!body.contains("\"resultCode\":200")) {
            throw new IOException(request.type() + " was answered with: " + body);
        }
    }

    private static OutboundEnvelope encode(RequestPayload request) {
        return Requests.encode(request, Map.of("app", "rehearsal"), "127.0.0.1");
    }

    private static Envelope await(CompletableFuture<Envelope> answer, String what)
            throws IOException, InterruptedException {
        try {
            return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException(what + " failed", e.getCause());
        } catch (TimeoutException e) {
            throw new IOException(what + " was not answered within " + PATIENCE_SECONDS + " s", e);
        }
    }

    /** Keeps the first message of a call. */
    private static final class Answer extends ClientCall.Listener<Envelope> {

        private final CompletableFuture<Envelope> first;

        Answer(CompletableFuture<Envelope> first) {
            this.first = first;
        }

        @Override
        public void onMessage(Envelope message) {
            first.complete(message);
        }

        @Override
        public void onClose(Status status, @Nullable Metadata trailers) {
            first.completeExceptionally(new IOException("ended without a message: " + status));
        }
    }
}
