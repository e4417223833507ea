package io.registry.server.peer.grpc;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Codec;
import io.grpc.DecompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.socket.SocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.registry.server.peer.line.Line;
import io.registry.server.peer.line.OutgoingLine;
import io.registry.server.peer.line.PeerThread;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A stream that this node has opened, on a connection of its own. */
final class GrpcOutgoingLine extends ClientCall.Listener<byte[]> implements OutgoingLine {

    private static final int CONNECT_MILLIS = 2_000;

    /** A digest a second is under way, so that a dead connection is found by the system before gRPC asks. */
    private static final Duration PING_EVERY = Duration.ofSeconds(10);

    private static final Duration PONG_WITHIN = Duration.ofSeconds(5);
    private static final int ANSWER_WINDOW_BYTES = 1 << 20;

    private final PeerThread thread;
    private final Line.Listener listener;
    private final ManagedChannel channel;
    private final ClientCall<byte[], byte[]> call;
    private boolean over;

    GrpcOutgoingLine(
            InetSocketAddress address,
            PeerThread thread,
            Class<? extends SocketChannel> socket,
            @Nullable SslContext tls,
            int frameBytesMax,
            Line.Listener listener) {
        this.thread = thread;
        this.listener = listener;
        NettyChannelBuilder to = NettyChannelBuilder.forAddress(address);
        this.channel = (tls == null ? to.usePlaintext() : to.sslContext(tls))
                .eventLoopGroup(thread.group())
                .channelType(socket)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .directExecutor()
                .proxyDetector(target -> null)
                .decompressorRegistry(DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, false))
                .disableRetry()
                .maxTraceEvents(0)
                .flowControlWindow(ANSWER_WINDOW_BYTES)
                .maxInboundMessageSize(frameBytesMax)
                .keepAliveTime(PING_EVERY.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(PONG_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                .build();
        this.call = channel.newCall(PeerMethod.STREAM, CallOptions.DEFAULT);
    }

    void start() {
        call.start(this, new Metadata());
        call.request(1);
    }

    @Override
    public void send(byte[] frame) {
        if (!over) {
            call.sendMessage(frame);
        }
    }

    @Override
    public boolean isReady() {
        return !over && call.isReady();
    }

    @Override
    public void next() {
        if (!over) {
            call.request(1);
        }
    }

    @Override
    public void finish() {
        if (!over) {
            call.halfClose();
        }
    }

    @Override
    public void close() {
        over = true;
        channel.shutdownNow();
    }

    @Override
    public void onMessage(byte[] message) {
        thread.run(() -> {
            if (!over) {
                listener.frame(message);
            }
        });
    }

    @Override
    public void onReady() {
        thread.run(() -> {
            if (!over) {
                listener.ready();
            }
        });
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        thread.run(() -> {
            if (!over) {
                close();
                listener.ended(cause(status));
            }
        });
    }

    private static String cause(Status status) {
        if (status.isOk()) {
            return "ended by the peer";
        }
        Throwable thrown = status.getCause();
        String text = status.getDescription() == null ? status.getCode().name() : status.getDescription();
        if (thrown == null || thrown.getMessage() == null) {
            return text;
        }
        String whole = text + ": " + thrown.getMessage();
        return thrown instanceof ConnectException
                ? whole + " (expected: an open cluster port; a member with registry.distro.transport=http has none)"
                : whole;
    }
}
