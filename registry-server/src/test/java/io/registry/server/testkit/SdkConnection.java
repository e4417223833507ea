package io.registry.server.testkit;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a naming client, step by step: one HTTP/2 transport with unary calls and at most one stream. It
 * does nothing by itself but acknowledge pushes, and not even that where a test says so.
 *
 * <p><b>Threading.</b> Any thread may call. Pushes arrive on gRPC's threads.
 */
public final class SdkConnection implements AutoCloseable {

    /** The address that requests report as the client's own. */
    public static final String CLIENT_IP = "192.0.2.2";

    /** The setup of a 2.5 client. */
    public static final String SETUP = """
            {"headers":{},"clientVersion":"Nacos-Java-Client:v2.5.1","labels":{"source":"sdk","module":"naming",\
            "AppName":"unknown","tls.enable":"false"},"abilityTable":{},"module":"internal"}""";

    /** The setup of a 2.2 client, which knows nothing of abilities. */
    public static final String SETUP_WITHOUT_ABILITIES = """
            {"headers":{},"clientVersion":"Nacos-Java-Client:v2.2.4","labels":{"source":"sdk","module":"naming",\
            "AppName":"unknown","tls.enable":"false"},"module":"internal"}""";

    private static final String EMPTY = "{\"headers\":{},\"module\":\"internal\"}";
    private static final Duration ANSWER_MAX = Duration.ofSeconds(20);
    private static final MethodDescriptor<byte[], byte[]> UNARY =
            method(MethodDescriptor.MethodType.UNARY, "Request/request");
    // The same to the server. As a unary call gRPC would hold the message back until its end.
    private static final MethodDescriptor<byte[], byte[]> UNENDED =
            method(MethodDescriptor.MethodType.CLIENT_STREAMING, "Request/request");
    private static final MethodDescriptor<byte[], byte[]> STREAM =
            method(MethodDescriptor.MethodType.BIDI_STREAMING, "BiRequestStream/requestBiStream");

    private final ManagedChannel channel;
    private final Pushes pushes = new Pushes();
    private volatile Consumer<Message> sink = pushes::add;
    private final AtomicReference<@Nullable ClientCall<byte[], byte[]>> stream = new AtomicReference<>();
    private final CompletableFuture<Status> streamEnd = new CompletableFuture<>();
    private volatile Acks acks = Acks.SUCCESS;
    private volatile boolean reading = true;

    /** What a push is answered with. */
    public enum Acks {
        /** Success, at once. */
        SUCCESS,
        /** {@code ErrorResponse} -500, at once. */
        FAILURE,
        /** Nothing. */
        NONE
    }

    private SdkConnection(ManagedChannel channel) {
        this.channel = channel;
    }

    /**
     * Makes a fresh transport, of which the server hears at the first call.
     *
     * @param port the HTTP port; the gRPC port is this plus 1000
     */
    public static SdkConnection open(int port) {
        return openAt("127.0.0.1", port + 1000);
    }

    /** Makes a fresh transport to the gRPC port itself. */
    public static SdkConnection openAt(String host, int grpcPort) {
        return new SdkConnection(channel(host, grpcPort).build());
    }

    /**
     * Makes a fresh transport from an address of this machine, such as any of 127.0.0.0/8.
     *
     * @param port the HTTP port; the gRPC port is this plus 1000
     */
    public static SdkConnection openFrom(String localIp, int port) {
        InetSocketAddress local = new InetSocketAddress(localIp, 0);
        return new SdkConnection(channel("127.0.0.1", port + 1000)
                .localSocketPicker(new NettyChannelBuilder.LocalSocketPicker() {
                    @Override
                    public SocketAddress createSocketAddress(SocketAddress remote, Attributes attributes) {
                        return local;
                    }
                })
                .build());
    }

    /**
     * Makes a fresh transport that sends an HTTP/2 ping whenever nothing has come for a time, at least 10 s, and ends
     * when it is not answered.
     *
     * @param port the HTTP port; the gRPC port is this plus 1000
     */
    public static SdkConnection openPinging(Duration every, int port) {
        return new SdkConnection(channel("127.0.0.1", port + 1000)
                .keepAliveTime(every.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveWithoutCalls(true)
                .build());
    }

    private static NettyChannelBuilder channel(String host, int grpcPort) {
        return NettyChannelBuilder.forAddress(new InetSocketAddress(host, grpcPort))
                .usePlaintext()
                .disableRetry()
                // Fixed, so that what a client that does not read can hold is known.
                .flowControlWindow(65_535)
                .maxInboundMessageSize(32 << 20);
    }

    /** Makes a fresh transport, checks the server, opens the stream, sends the setup of 2.5 and waits for its ack. */
    public static SdkConnection register(int port) {
        SdkConnection connection = open(port);
        connection.check();
        connection.setup(SETUP);
        connection.awaitPush("SetupAckRequest");
        return connection;
    }

    /** Sends a server check. */
    public Message check() {
        return request("ServerCheckRequest", EMPTY);
    }

    /** Sends a health check. */
    public Message healthCheck() {
        return request("HealthCheckRequest", EMPTY);
    }

    /** Opens the stream, if it is not open, and sends a setup on it. */
    public void setup(String json) {
        openStream();
        send("ConnectionSetupRequest", json);
    }

    /** Sends a unary request and returns the answer. */
    public Message request(String type, String json) {
        return request(type, json, Map.of());
    }

    /** Sends a unary request with headers in the envelope and returns the answer. */
    public Message request(String type, String json, Map<String, String> headers) {
        return request(Envelope.of(type, headers, CLIENT_IP, json).encoded());
    }

    /** Sends any bytes as a unary request; a status of gRPC instead of an answer becomes its exception. */
    public Message request(byte[] payload) {
        try {
            return requestAsync(payload).get(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StatusRuntimeException status) {
                throw status;
            }
            throw new CompletionException(e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("no answer within " + ANSWER_MAX, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Sends a unary request without waiting. */
    public CompletableFuture<Message> requestAsync(String type, String json) {
        return requestAsync(Envelope.of(type, Map.of(), CLIENT_IP, json).encoded());
    }

    /** Sends any bytes as a unary request without waiting. */
    public CompletableFuture<Message> requestAsync(byte[] payload) {
        return request(payload, true);
    }

    /** Sends any bytes as a unary request that is not ended, so that no answer is due; it fails where the call ends. */
    public CompletableFuture<Message> requestUnended(byte[] payload) {
        return request(payload, false);
    }

    private CompletableFuture<Message> request(byte[] payload, boolean ended) {
        CompletableFuture<Message> answer = new CompletableFuture<>();
        ClientCall<byte[], byte[]> call = channel.newCall(ended ? UNARY : UNENDED, CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(byte[] bytes) {
                        try {
                            answer.complete(Message.decoded(bytes));
                        } catch (RuntimeException e) {
                            answer.completeExceptionally(e);
                        }
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        answer.completeExceptionally(status.asRuntimeException());
                    }
                },
                new Metadata());
        call.request(2);
        call.sendMessage(payload);
        if (ended) {
            call.halfClose();
        }
        return answer;
    }

    /** Opens the stream, if it is not open. */
    public void openStream() {
        if (stream.get() != null) {
            return;
        }
        ClientCall<byte[], byte[]> call = channel.newCall(STREAM, CallOptions.DEFAULT);
        stream.set(call);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(byte[] bytes) {
                        Message push = Message.decoded(bytes);
                        try {
                            // Before a test can see the push and say that the next one is to be answered otherwise.
                            acknowledge(push);
                        } finally {
                            sink.accept(push);
                        }
                        if (reading) {
                            call.request(1);
                        }
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        streamEnd.complete(status);
                        pushes.wake();
                    }
                },
                new Metadata());
        call.request(1);
    }

    /** Sends a message on the stream. */
    public void send(String type, String json) {
        send(Envelope.of(type, Map.of(), CLIENT_IP, json).encoded());
    }

    /** Sends any bytes on the stream. */
    public void send(byte[] payload) {
        ClientCall<byte[], byte[]> call = openedStream();
        // A call takes one sender at a time: tests and the acknowledging thread meet here.
        synchronized (call) {
            call.sendMessage(payload);
        }
    }

    /** Sends a successful acknowledgement. */
    public void ack(String type, String requestId) {
        send(type, "{\"resultCode\":200,\"errorCode\":0,\"requestId\":\"" + requestId + "\",\"success\":true}");
    }

    /** Says what pushes are answered with from now on. */
    public SdkConnection acks(Acks value) {
        acks = value;
        return this;
    }

    /** Takes at most one more message from the stream, until {@link #read()}. */
    public void stopReading() {
        reading = false;
    }

    /** Takes messages from the stream again. */
    public void read() {
        reading = true;
        openedStream().request(1);
    }

    /** Hands pushes over as they come, in the place of keeping them, on a thread of gRPC. */
    public SdkConnection handPushesTo(Consumer<Message> taker) {
        sink = taker;
        return this;
    }

    /** Returns what has been pushed. */
    public Pushes pushes() {
        return pushes;
    }

    /** Waits for the next push of a type, skipping others, and takes it. */
    public Message awaitPush(String type) {
        return pushes.await(type, push -> push.type().equals(type));
    }

    /** Half-closes the stream. */
    public void halfClose() {
        ClientCall<byte[], byte[]> call = openedStream();
        synchronized (call) {
            call.halfClose();
        }
    }

    /** Tells whether the stream has ended. */
    public boolean ended() {
        return streamEnd.isDone();
    }

    /** Waits for the end of the stream and returns the status it ended with. */
    public Status awaitEnd(Duration max) {
        try {
            return streamEnd.get(max.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("the stream has not ended within " + max, e);
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Has the transport end, with whatever is under way on it, and does not wait for it. */
    public void abandon() {
        channel.shutdownNow();
    }

    /** Ends the transport, with whatever is under way on it. */
    @Override
    public void close() {
        abandon();
        try {
            if (!channel.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the transport has not ended");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private ClientCall<byte[], byte[]> openedStream() {
        ClientCall<byte[], byte[]> call = stream.get();
        if (call == null) {
            throw new IllegalStateException("the stream was never opened");
        }
        return call;
    }

    private void acknowledge(Message push) {
        String requestId = push.text("requestId");
        if (push.type().equals("SetupAckRequest") || acks == Acks.NONE) {
            return;
        }
        if (acks == Acks.FAILURE) {
            send(
                    "ErrorResponse",
                    "{\"resultCode\":500,\"errorCode\":-500,\"message\":\"Handle server request error\",\"requestId\":\""
                            + requestId + "\",\"success\":false}");
            return;
        }
        // Fuzzy syncs are acknowledged with the type of the change notification, as the real clients do.
        String type = push.type().startsWith("NamingFuzzyWatch")
                ? "NamingFuzzyWatchChangeNotifyResponse"
                : push.type().replaceFirst("Request$", "Response");
        ack(type, requestId);
    }

    private static MethodDescriptor<byte[], byte[]> method(MethodDescriptor.MethodType type, String name) {
        return MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(type)
                .setFullMethodName(name)
                .setRequestMarshaller(new Bytes())
                .setResponseMarshaller(new Bytes())
                .build();
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
