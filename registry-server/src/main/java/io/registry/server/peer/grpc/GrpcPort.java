package io.registry.server.peer.grpc;

import io.grpc.Attributes;
import io.grpc.Codec;
import io.grpc.DecompressorRegistry;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.registry.server.peer.PeerConfig;
import io.registry.server.peer.line.Line;
import io.registry.server.peer.line.LinePort;
import io.registry.server.peer.line.OutgoingLine;
import io.registry.server.peer.line.PeerThread;
import io.registry.server.sockets.AcceptedSockets;
import io.registry.server.sockets.EventLoops;
import io.registry.server.sockets.MemberTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port that other nodes connect to, and the streams to theirs. A stranger costs a socket, for as long as a handshake
 * may take, and a few kilobytes.
 */
final class GrpcPort implements LinePort {

    private static final Logger LOG = LoggerFactory.getLogger(GrpcPort.class);

    /** What a connection may send before it has proved itself: a handshake needs a few hundred bytes. */
    private static final int STRANGER_BYTES_MAX = 4_096;

    private static final int HEADER_BYTES_MAX = 4_096;

    /** How much a peer may send that nobody has asked for yet. */
    private static final int FLOW_WINDOW_BYTES = 1 << 20;

    private static final int PING_EVERY_SECONDS = 5;
    private static final int PING_AT_MOST_EVERY_SECONDS = 1;
    private static final int IDLE_SECONDS = 10;

    private static final Attributes.Key<Caller> CALLER = Attributes.Key.create("registry-peer-caller");

    /** A connection to this port. */
    static final class Caller {

        final SocketAddress remote;
        boolean admitted;
        private int bytes;

        private Caller(SocketAddress remote) {
            this.remote = remote;
        }
    }

    private final PeerConfig config;
    private final @Nullable MemberTls tls;
    private final AcceptedSockets sockets;
    private final PeerThread thread;
    private final EventLoops loops = new EventLoops();
    private @Nullable Server server;

    GrpcPort(PeerConfig config, @Nullable MemberTls tls, Runnable refused) {
        this.config = config;
        this.tls = tls;
        this.sockets = new AcceptedSockets(
                config.limits().sockets(),
                refused,
                tls == null ? null : tls.incoming(),
                config.limits().handshake());
        this.thread = new PeerThread(sockets.loops(1, "registry-peer"));
    }

    @Override
    public PeerThread thread() {
        return thread;
    }

    @Override
    public void listen(Acceptor acceptor) throws IOException {
        server = NettyServerBuilder.forAddress(config.listen())
                .channelFactory(sockets)
                .bossEventLoopGroup(thread.group())
                .workerEventLoopGroup(thread.group())
                .directExecutor()
                .decompressorRegistry(DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, false))
                .maxInboundMessageSize(config.limits().frameBytesMax())
                .flowControlWindow(FLOW_WINDOW_BYTES)
                .maxInboundMetadataSize(HEADER_BYTES_MAX)
                .maxConcurrentCallsPerConnection(1)
                .handshakeTimeout(config.limits().handshake().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTime(PING_EVERY_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(PING_EVERY_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveTime(PING_AT_MOST_EVERY_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .maxConnectionIdle(IDLE_SECONDS, TimeUnit.SECONDS)
                .addTransportFilter(new Callers())
                .addStreamTracerFactory(new Arriving.Factory())
                .addService(ServerServiceDefinition.builder(PeerMethod.SERVICE)
                        .addMethod(PeerMethod.STREAM, (call, headers) -> accept(call, acceptor))
                        .build())
                .build()
                .start();
        LOG.info(
                "cluster port open: address={} port={}",
                config.listen().getAddress().getHostAddress(),
                server.getPort());
    }

    @Override
    public int number() {
        return server == null ? 0 : server.getPort();
    }

    @Override
    public OutgoingLine call(InetSocketAddress address, Line.Listener listener) {
        GrpcOutgoingLine line = new GrpcOutgoingLine(
                address,
                thread,
                loops.outgoing(),
                tls == null ? null : tls.outgoing(),
                config.limits().frameBytesMax(),
                listener);
        line.start();
        return line;
    }

    @Override
    public void close() {
        Server running = server;
        if (running == null) {
            return;
        }
        server = null;
        try {
            running.shutdownNow().awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LOG.info("cluster port closed");
    }

    private ServerCall.Listener<byte[]> accept(ServerCall<byte[], byte[]> call, Acceptor acceptor) {
        GrpcIncomingLine line = new GrpcIncomingLine(call, call.getAttributes().get(CALLER), sockets);
        line.start(acceptor.accept(line));
        return line;
    }

    /** Knows each connection, and ends it where it has not proved itself in time. */
    private final class Callers extends ServerTransportFilter {

        @Override
        public Attributes transportReady(Attributes attributes) {
            SocketAddress remote = attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
            if (remote == null) {
                return attributes;
            }
            Caller caller = new Caller(remote);
            var unused = thread.after(config.limits().handshake(), () -> {
                if (!caller.admitted) {
                    sockets.refuse(remote);
                }
            });
            return attributes.toBuilder().set(CALLER, caller).build();
        }
    }

    /** Counts what arrives of a call until its caller has proved itself. */
    private static final class Arriving extends ServerStreamTracer {

        static final class Factory extends ServerStreamTracer.Factory {
            @Override
            public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
                return new Arriving();
            }
        }

        private @Nullable Caller caller;

        @Override
        public void serverCallStarted(ServerCallInfo<?, ?> info) {
            caller = info.getAttributes().get(CALLER);
        }

        @Override
        public void inboundWireSize(long bytes) {
            Caller from = caller;
            if (from == null || from.admitted) {
                return;
            }
            from.bytes += (int) Math.min(bytes, STRANGER_BYTES_MAX);
            if (from.bytes > STRANGER_BYTES_MAX) {
                // As for a message that is too long: gRPC drops what it has of the message and ends the call.
                throw Status.RESOURCE_EXHAUSTED
                        .withDescription("handshake: more than " + STRANGER_BYTES_MAX + " bytes")
                        .asRuntimeException();
            }
        }
    }
}
