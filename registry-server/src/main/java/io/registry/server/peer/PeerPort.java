package io.registry.server.peer;

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
import io.registry.server.core.client.SharedParts;
import io.registry.server.sockets.AcceptedSockets;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The port that other nodes connect to. A stranger costs a socket, for as long as a handshake may take, and a few
 * kilobytes.
 *
 * <p><b>Threading</b>: opened and closed by one thread; the rest on the thread of the port.
 */
final class PeerPort {

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

        private final SocketAddress remote;
        private int bytes;
        private boolean admitted;

        private Caller(SocketAddress remote) {
            this.remote = remote;
        }
    }

    private final AcceptedSockets sockets;
    private final PortContext port;
    private final IncomingStream.Host host;
    private final SharedParts shared = new SharedParts();
    private @Nullable Server server;

    PeerPort(AcceptedSockets sockets, PortContext port, IncomingStream.Host host) {
        this.sockets = sockets;
        this.port = port;
        this.host = host;
    }

    void open() throws IOException {
        PeerConfig config = port.config();
        server = NettyServerBuilder.forAddress(config.listen())
                .channelFactory(sockets)
                .bossEventLoopGroup(port.thread().group())
                .workerEventLoopGroup(port.thread().group())
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
                        .addMethod(PeerMethod.STREAM, this::accept)
                        .build())
                .build()
                .start();
    }

    int number() {
        return server == null ? 0 : server.getPort();
    }

    /** Takes away the bounds of a stranger. */
    void admitted(IncomingStream stream) {
        Caller caller = stream.call().getAttributes().get(CALLER);
        if (caller != null) {
            caller.admitted = true;
        }
    }

    /**
     * Makes the caller of a stream a stranger again. One that has always been is told why it is refused, and has its time
     * to hear that and go.
     */
    void refused(IncomingStream stream) {
        Caller caller = stream.call().getAttributes().get(CALLER);
        if (caller != null && caller.admitted) {
            caller.admitted = false;
            sockets.close(caller.remote);
        }
    }

    /** Closes the connection of a stream, after what was written to it. */
    void hangUp(IncomingStream stream) {
        Caller caller = stream.call().getAttributes().get(CALLER);
        if (caller != null) {
            sockets.close(caller.remote);
        }
    }

    /** Returns where a stream comes from. */
    static String remote(IncomingStream stream) {
        Caller caller = stream.call().getAttributes().get(CALLER);
        return caller == null ? "unknown" : caller.remote.toString();
    }

    void close() {
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
    }

    private ServerCall.Listener<byte[]> accept(ServerCall<byte[], byte[]> call, Metadata headers) {
        IncomingStream stream = new IncomingStream(call, port, shared, host);
        stream.start();
        return stream;
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
            var unused = port.thread().after(port.config().limits().handshake(), () -> {
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
