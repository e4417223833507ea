package io.registry.server.sockets;

import java.net.SocketAddress;

/** How sockets are ended from this side. From any thread; nothing happens where there is no socket to the address. */
public interface Sockets {

    /** Closes a socket at once, whatever was written to it. */
    void refuse(SocketAddress remote);

    /** Closes a socket after what was written to it before. */
    void close(SocketAddress remote);
}
