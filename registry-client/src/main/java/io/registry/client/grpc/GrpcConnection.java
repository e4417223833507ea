package io.registry.client.grpc;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.client.runtime.ClientCounters;
import io.registry.client.runtime.ClientLoop;
import io.registry.client.runtime.ClientRuntime;
import io.registry.client.server.ServerAddress;
import io.registry.proto.envelope.Envelope;
import io.registry.proto.envelope.Methods;
import io.registry.proto.envelope.OutboundEnvelope;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection: one HTTP/2 transport that never becomes another, the calls on it, and its stream.
 *
 * <p><b>Threading</b>: for the client loop, on which everything arrives as well.
 */
public final class GrpcConnection {

    /** What happens on a connection. */
    interface Listener {

        /** Something came on the stream. */
        void received(GrpcConnection connection, Envelope message);

        /** The stream, and with it the connection, has ended, not by {@link #close}. */
        void ended(GrpcConnection connection, String cause);

        /** A call was not answered in time. */
        void unanswered(GrpcConnection connection);
    }

    private static final Duration LEAVE_MAX = Duration.ofSeconds(1);

    private final ClientLoop loop;
    private final ServerAddress server;
    private final Listener listener;
    private final ManagedChannel channel;
    private final ClientCounters counters;
    private @Nullable ClientCall<OutboundEnvelope, Envelope> stream;
    private Map<String, Boolean> abilities = Map.of();
    private String id = "";
    private long heardMillis;
    private boolean closed;

    private GrpcConnection(
            ClientLoop loop, ServerAddress server, Listener listener, ManagedChannel channel, ClientCounters counters) {
        this.loop = loop;
        this.server = server;
        this.listener = listener;
        this.channel = channel;
        this.counters = counters;
        this.heardMillis = loop.nowMillis();
    }

    static GrpcConnection open(
            ClientRuntime runtime,
            ServerAddress server,
            Destinations.Destination destination,
            Listener listener,
            ClientCounters counters) {
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(destination.address());
        if (destination.tls() == null) {
            builder.usePlaintext();
        } else {
            // The certificate is of the server's name, not of the address that was found for it.
            builder.sslContext(destination.tls())
                    .overrideAuthority(server.authority(destination.address().getPort()));
        }
        ManagedChannel channel = builder.eventLoopGroup(runtime.loop().group())
                .channelType(NioSocketChannel.class)
                .directExecutor()
                .offloadExecutor(runtime.blocking())
                .maxInboundMessageSize(Methods.MESSAGE_BYTES_MAX)
                .disableRetry()
                .disableServiceConfigLookUp()
                .idleTimeout(1000, TimeUnit.DAYS)
                .withOption(io.grpc.netty.shaded.io.netty.channel.ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        GrpcClient.CHECK_MAX.toMillis())
                .build();
        return new GrpcConnection(runtime.loop(), server, listener, channel, counters);
    }

    /** Returns the server at the other end. */
    public ServerAddress server() {
        return server;
    }

    /** Returns whether the server has said that it can do this. */
    public boolean can(String ability) {
        return Boolean.TRUE.equals(abilities.get(ability));
    }

    /** Returns the server's name for this connection, for logs. */
    public String id() {
        return id;
    }

    /** Returns whether this side has ended it. */
    public boolean closed() {
        return closed;
    }

    void identify(String value) {
        id = value;
    }

    void abilities(Map<String, Boolean> value) {
        abilities = value;
    }

    /** Returns when something was heard from the server last, in milliseconds of the loop. */
    long heardMillis() {
        return heardMillis;
    }

    /**
     * Sends a request. The result is the answer, of whatever type, or a {@link RegistryException} with {@code
     * UNREACHABLE}.
     */
    CompletableFuture<Envelope> call(OutboundEnvelope request, Duration max) {
        loop.assertInLoop();
        CompletableFuture<Envelope> result = new CompletableFuture<>();
        long startNanos = System.nanoTime();
        ClientCall<OutboundEnvelope, Envelope> call = channel.newCall(Methods.CLIENT_UNARY, CallOptions.DEFAULT);
        ClientLoop.Timer timer = loop.after(max, () -> {
            if (!result.isDone()) {
                call.cancel("no answer", null);
                result.completeExceptionally(
                        unreachable(request.type() + " not answered within " + max.toMillis() + " ms by " + server));
                listener.unanswered(this);
            }
        });
        call.start(
                new ClientCall.Listener<>() {
                    private @Nullable Envelope answer;

                    @Override
                    public void onMessage(Envelope message) {
                        answer = message;
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        timer.cancel();
                        if (status.isOk() && answer != null && answer.defect() == null) {
                            heardMillis = loop.nowMillis();
                            counters.answered(System.nanoTime() - startNanos);
                            result.complete(answer);
                        } else {
                            counters.unanswered();
                            result.completeExceptionally(
                                    unreachable(request.type() + " to " + server + ": " + cause(status, answer)));
                        }
                    }
                },
                new Metadata());
        call.request(1);
        call.sendMessage(request);
        call.halfClose();
        return result;
    }

    private static String cause(Status status, @Nullable Envelope answer) {
        if (answer != null && answer.defect() != null) {
            return answer.defect();
        }
        return status.isOk() ? "no answer" : shown(status);
    }

    private static String shown(Status status) {
        Throwable cause = status.getCause();
        String text = status.getCode() + (status.getDescription() == null ? "" : " " + status.getDescription());
        return cause == null ? text : text + " (" + cause.getMessage() + ")";
    }

    static RegistryException unreachable(String text) {
        return new RegistryException(ErrorCode.UNREACHABLE, text);
    }

    /** Opens the stream. */
    void openStream() {
        ClientCall<OutboundEnvelope, Envelope> call = channel.newCall(Methods.CLIENT_STREAM, CallOptions.DEFAULT);
        stream = call;
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(Envelope message) {
                        heardMillis = loop.nowMillis();
                        if (!closed) {
                            listener.received(GrpcConnection.this, message);
                        }
                        call.request(1);
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        if (!closed) {
                            listener.ended(GrpcConnection.this, shown(status));
                        }
                    }
                },
                new Metadata());
        // Two, so that the next message is under way while one is read.
        call.request(2);
    }

    /** Sends something on the stream; dropped where there is none any more. */
    void send(OutboundEnvelope message) {
        if (stream != null && !closed) {
            stream.sendMessage(message);
        }
    }

    /** Ends the connection at once. */
    void close() {
        if (!closed) {
            halfClose();
            channel.shutdownNow();
        }
    }

    /** Ends the connection when the server has read what was sent, or after a moment. */
    void leave() {
        if (!closed) {
            halfClose();
            channel.shutdown();
            loop.after(LEAVE_MAX, channel::shutdownNow);
        }
    }

    private void halfClose() {
        closed = true;
        if (stream != null) {
            stream.halfClose();
        }
    }

    @Override
    public String toString() {
        return id + "@" + server;
    }
}
