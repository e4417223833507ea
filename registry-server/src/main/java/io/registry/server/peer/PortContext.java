package io.registry.server.peer;

import io.grpc.netty.shaded.io.netty.channel.socket.SocketChannel;
import io.registry.distro.port.Jitter;
import io.registry.server.peer.codec.DistroCodec;
import io.registry.server.sockets.LogGate;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * What every stream of the port uses.
 *
 * @param thread the thread of the port
 * @param outgoing the kind of socket that goes with the thread
 * @param codec writes what this node says
 * @param incarnations those that peers have proved
 * @param names looks up host names, and may block for that
 * @param clock nanoseconds that never go back
 * @param log lets lines through that others could make many of
 */
record PortContext(
        PeerConfig config,
        PeerThread thread,
        Class<? extends SocketChannel> outgoing,
        DistroCodec codec,
        Incarnations incarnations,
        Executor names,
        Jitter jitter,
        LongSupplier clock,
        LogGate log) {

    long nanos() {
        return clock.getAsLong();
    }
}
