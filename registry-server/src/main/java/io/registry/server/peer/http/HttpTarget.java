package io.registry.server.peer.http;

import io.grpc.netty.shaded.io.netty.channel.socket.SocketChannel;
import io.registry.server.peer.line.PeerThread;
import java.net.InetSocketAddress;

/**
 * Where requests go, and what they go over.
 *
 * @param path the whole path
 * @param thread where everything happens
 * @param socket the kind of socket that goes with the thread
 * @param bodyBytesMax the longest answer that is taken
 */
record HttpTarget(
        InetSocketAddress address,
        String path,
        PeerThread thread,
        Class<? extends SocketChannel> socket,
        int bodyBytesMax) {

    /** Returns the address as a request names it. */
    String host() {
        String name = address.getHostString();
        return (name.indexOf(':') >= 0 ? "[" + name + "]" : name) + ":" + address.getPort();
    }
}
