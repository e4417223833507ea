package io.registry.server.grpc;

import io.grpc.Attributes;
import io.grpc.Codec;
import io.grpc.DecompressorRegistry;
import io.grpc.Grpc;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.util.ResourceLeakDetector;
import io.registry.distro.port.DistroTimer;
import io.registry.proto.codec.Pushes;
import io.registry.proto.envelope.Methods;
import io.registry.server.core.operate.ConnectionOperator;
import io.registry.server.core.operate.Readiness;
import io.registry.server.grpc.call.NamingCalls;
import io.registry.server.sockets.AcceptedSockets;
import io.registry.server.sockets.PortTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port that SDKs connect to.
 *
 * <p>No handler blocks, so calls run on the threads that read them; there is no pool between the socket and the core.
 *
 * <p><b>Threading</b>: started and stopped by one thread; the rest from any.
 */
public final class SdkServer {

    private static final Logger LOG = LoggerFactory.getLogger(SdkServer.class);

    /** Clients ping every six minutes; more often is harmless down to this. */
    private static final Duration PING_AT_MOST_EVERY = Duration.ofMinutes(1);

    /** How long a socket may take to begin to speak HTTP/2. */
    private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

    /** How many connections the system may hold for us to accept: a whole fleet may come at once after a restart. */
    private static final int BACKLOG = 4_096;

    /** Netty's own switch, for whoever looks for a leak. */
    private static final String LEAK_DETECTION = "io.grpc.netty.shaded.io.netty.leakDetection.level";

    /**
     * How much a connection may send that nobody has asked for yet. Fixed: gRPC would let it grow to 8 MiB for clients that
     * send much, with a ping each time it measures, and clients of a registry send little.
     */
    private static final int FLOW_WINDOW_BYTES = 1 << 20;

    /**
     * The number before the first probe or reset. Pushes are numbered from 1 by the core, and acknowledgements name both;
     * this is out of the reach of pushes, and still exact as a number of JavaScript.
     */
    private static final long FIRST_REQUEST = 1L << 48;

    private final GrpcConfig config;
    private final AcceptedSockets sockets;
    private final ConnectionManager manager;
    private final IdleWatch idle;
    private final RightsWatch rights;
    private final RequestAcceptor requests;
    private final StreamAcceptor streams;
    private final InboundBudget unfinished;
    private @Nullable Server server;
    private @Nullable EventLoopGroup boss;
    private @Nullable EventLoopGroup workers;

    private SdkServer(
            GrpcConfig config,
            AcceptedSockets sockets,
            ConnectionManager manager,
            IdleWatch idle,
            RightsWatch rights,
            RequestAcceptor requests,
            StreamAcceptor streams,
            InboundBudget unfinished) {
        this.config = config;
        this.sockets = sockets;
        this.manager = manager;
        this.idle = idle;
        this.rights = rights;
        this.requests = requests;
        this.streams = streams;
        this.unfinished = unfinished;
    }

    /**
     * Makes a port, closed yet, over a core.
     *
     * @param tls how the port speaks TLS; null where it does not
     * @param door decides about every request
     * @param counters counts what the port does
     * @param pushes writes what clients are told
     * @param timer runs a task later, one at a time
     * @param millis the wall clock
     * @param nanos the clock that intervals are measured by
     */
    public static SdkServer over(
            GrpcConfig config,
            @Nullable PortTls tls,
            Readiness readiness,
            ConnectionOperator connections,
            Door door,
            NamingCalls calls,
            GrpcCounters counters,
            Pushes pushes,
            DistroTimer timer,
            LongSupplier millis,
            LongSupplier nanos) {
        AtomicLong lastRequest = new AtomicLong(FIRST_REQUEST);
        LongSupplier requestIds = lastRequest::incrementAndGet;
        GrpcConfig.Limits limits = config.limits();
        AcceptedSockets sockets = new AcceptedSockets(
                Math.addExact(limits.total(), limits.pending()),
                counters.refusedSockets::increment,
                tls,
                HANDSHAKE_TIMEOUT);
        ConnectionManager manager =
                new ConnectionManager(limits, connections, counters, sockets, pushes, requestIds, millis, nanos);
        InboundBudget unfinished = new InboundBudget(config.unfinished(), manager, counters, nanos);
        ConnectionSetup setup = new ConnectionSetup(manager, pushes, counters);
        return new SdkServer(
                config,
                sockets,
                manager,
                new IdleWatch(config, manager, counters, pushes, requestIds, timer, nanos),
                new RightsWatch(config.idle().scanEvery(), manager, connections, door, timer),
                new RequestAcceptor(readiness, manager, door, calls, counters, nanos),
                new StreamAcceptor(
                        setup,
                        manager,
                        connections,
                        counters,
                        nanos,
                        sockets::thread,
                        config.transport().readyBytes()),
                unfinished);
    }

    /** Opens the port. */
    public void start() throws IOException {
        if (System.getProperty(LEAK_DETECTION) == null) {
            // Every 128th buffer would carry two stack traces, a fiftieth of what a push costs.
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        }
        EventLoopGroup acceptors = sockets.loops(1, "registry-grpc-boss");
        EventLoopGroup readers = sockets.loops(config.transport().workers(), "registry-grpc");
        boss = acceptors;
        workers = readers;
        // gzip is understood where a client uses it, and not asked for in every answer's header.
        DecompressorRegistry decompressors = DecompressorRegistry.emptyInstance()
                .with(Codec.Identity.NONE, false)
                .with(new Codec.Gzip(), false);
        server = NettyServerBuilder.forAddress(new InetSocketAddress(config.address(), config.port()))
                .channelFactory(sockets)
                .bossEventLoopGroup(acceptors)
                .workerEventLoopGroup(readers)
                .withOption(ChannelOption.SO_BACKLOG, BACKLOG)
                .directExecutor()
                .decompressorRegistry(decompressors)
                .maxInboundMessageSize(config.transport().messageBytesMax())
                .flowControlWindow(FLOW_WINDOW_BYTES)
                .maxInboundMetadataSize(config.transport().headerBytesMax())
                .maxConcurrentCallsPerConnection(config.transport().callsMax())
                .permitKeepAliveTime(PING_AT_MOST_EVERY.toSeconds(), TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .handshakeTimeout(HANDSHAKE_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                .addStreamTracerFactory(unfinished)
                .addTransportFilter(new Transports())
                .addService(ServerServiceDefinition.builder(Methods.UNARY_SERVICE)
                        .addMethod(Methods.SERVER_UNARY, requests)
                        .build())
                .addService(ServerServiceDefinition.builder(Methods.STREAM_SERVICE)
                        .addMethod(Methods.SERVER_STREAM, streams)
                        .build())
                .build()
                .start();
        idle.start();
        rights.start();
        LOG.info("gRPC port open: address={} port={}", config.address(), port());
    }

    /** Returns the port that is open; 0 where none is. */
    public int port() {
        return server == null ? 0 : server.getPort();
    }

    /** Returns the connections of this port. */
    public ConnectionManager connections() {
        return manager;
    }

    /** Returns what messages that are not complete take now, in bytes. */
    public long unfinishedBytes() {
        return unfinished.bytes();
    }

    /**
     * Tells every client to go elsewhere, waits until they have gone or the time is over, and closes the port.
     *
     * @param patience how long to wait; zero not to wait
     */
    public void stop(Duration patience) {
        Server running = server;
        if (running == null) {
            return;
        }
        server = null;
        idle.stop();
        rights.stop();
        manager.drain();
        try {
            long deadline = System.nanoTime() + patience.toNanos();
            while (manager.count() > 0 && System.nanoTime() - deadline < 0) {
                // Nobody wakes us: clients go when they have found another server, if they find one.
                TimeUnit.MILLISECONDS.sleep(20);
            }
            running.shutdownNow();
            if (!running.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warn("gRPC port: transports still open after 5 s, left to the end of the process");
            }
        } catch (InterruptedException e) {
            running.shutdownNow();
            Thread.currentThread().interrupt();
        } finally {
            close(boss);
            close(workers);
        }
        LOG.info("gRPC port closed");
    }

    private static void close(@Nullable EventLoopGroup group) {
        if (group != null
                && !group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS)) {
            LOG.warn("gRPC threads still run after 3 s, left to the end of the process");
        }
    }

    /** Binds a connection to each transport. */
    private final class Transports extends ServerTransportFilter {

        @Override
        public Attributes transportReady(Attributes attributes) {
            if (attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress remote) {
                return attributes.toBuilder()
                        .set(Connection.KEY, manager.opened(remote))
                        .build();
            }
            return attributes;
        }

        @Override
        public void transportTerminated(@Nullable Attributes attributes) {
            Connection connection = attributes == null ? null : attributes.get(Connection.KEY);
            if (connection != null) {
                manager.closed(connection);
            }
        }
    }
}
