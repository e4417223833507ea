package io.registry.server.sockets;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelFactory;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The sockets that a port has accepted, by their remote address.
 *
 * <p>gRPC lets a server see a transport but not end it, and tells of one only after its handshake. Here every socket is
 * known from the moment it is accepted, so that there can be a bound on them and a way to close one.
 *
 * <p><b>Threading</b>: all methods may be called from any thread; the maps are the only state.
 */
@SuppressWarnings("FutureReturnValueIgnored") // closing a socket that is closed, or closes badly, is nobody's concern
public final class AcceptedSockets implements ChannelFactory<ServerChannel>, Sockets {

    private final ConcurrentMap<SocketAddress, Channel> open = new ConcurrentHashMap<>();
    private final ConcurrentMap<EventLoop, TransportThread> threads = new ConcurrentHashMap<>();
    private final EventLoops loops = new EventLoops();
    private final int max;
    private final Runnable refused;
    private final @Nullable PortTls tls;
    private final Duration patience;

    /**
     * Makes the books.
     *
     * @param max how many sockets may be open; what is accepted above is closed at once
     * @param refused told of each socket that was closed for that
     */
    public AcceptedSockets(int max, Runnable refused) {
        this(max, refused, null, Duration.ZERO);
    }

    /**
     * Makes the books of a port that may speak TLS.
     *
     * @param tls how; null where it does not
     * @param patience how long it may take until a connection says whether it is encrypted
     */
    public AcceptedSockets(int max, Runnable refused, @Nullable PortTls tls, Duration patience) {
        this.max = max;
        this.refused = refused;
        this.tls = tls;
        this.patience = patience;
    }

    /** Makes event loops of the kind that the sockets need. */
    public EventLoopGroup loops(int threads, String name) {
        return loops.start(threads, name);
    }

    @Override
    public ServerChannel newChannel() {
        ServerChannel channel = loops.listening();
        channel.pipeline().addFirst(new Door());
        return channel;
    }

    @Override
    public void refuse(SocketAddress remote) {
        Channel channel = open.get(remote);
        if (channel != null) {
            channel.eventLoop().execute(() -> close(channel));
        }
    }

    @Override
    public void close(SocketAddress remote) {
        Channel channel = open.get(remote);
        if (channel != null) {
            // What was given to the stream before is flushed by a later task of the event loop: this one comes behind
            // it.
            threadOf(channel).execute(() -> channel.eventLoop().execute(() -> close(channel)));
        }
    }

    /**
     * Returns what runs tasks on the thread of a transport.
     *
     * @return where the transport has ended, what runs them at once
     */
    public Executor thread(SocketAddress remote) {
        Channel channel = open.get(remote);
        return channel == null ? Runnable::run : threadOf(channel);
    }

    /** Returns how many sockets are open. */
    public int count() {
        return open.size();
    }

    private TransportThread threadOf(Channel channel) {
        return threads.computeIfAbsent(channel.eventLoop(), TransportThread::new);
    }

    private static void close(Channel channel) {
        ChannelHandlerContext first = channel.pipeline().firstContext();
        if (first == null) {
            channel.close();
        } else {
            // From the first handler outwards: past the HTTP/2 handler, which would wait for open streams.
            first.close();
        }
    }

    private boolean accepted(Channel channel) {
        SocketAddress remote = channel.remoteAddress();
        if (remote == null || open.size() >= max) {
            refused.run();
            channel.unsafe().closeForcibly();
            return false;
        }
        open.put(remote, channel);
        channel.closeFuture().addListener(closed -> open.remove(remote, channel));
        if (tls != null) {
            channel.pipeline().addFirst(new TlsDoor(tls, patience));
        }
        return true;
    }

    /** Sees what the listening socket accepts before anybody else does: each new socket passes as a message. */
    private final class Door extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (!(message instanceof Channel channel) || accepted(channel)) {
                context.fireChannelRead(message);
            }
        }
    }
}
