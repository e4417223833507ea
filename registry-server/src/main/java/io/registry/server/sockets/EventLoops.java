package io.registry.server.sockets;

import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.IoHandlerFactory;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.SocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;

/**
 * The event loops of this system, and the sockets that go with them.
 *
 * <p><b>Threading</b>: immutable.
 */
public final class EventLoops {

    private final boolean epoll = Epoll.isAvailable();

    /** Makes threads of the kind that the sockets need. */
    public EventLoopGroup start(int threads, String name) {
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), io);
    }

    /** Returns the kind of socket that connects to others. */
    public Class<? extends SocketChannel> outgoing() {
        return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    /** Returns a new socket that others connect to. */
    ServerChannel listening() {
        return epoll ? new EpollServerSocketChannel() : new NioServerSocketChannel();
    }
}
