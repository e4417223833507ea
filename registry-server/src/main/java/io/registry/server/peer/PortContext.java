package io.registry.server.peer;

import io.registry.distro.port.Jitter;
import io.registry.server.peer.codec.DistroCodec;
import io.registry.server.peer.line.LinePort;
import io.registry.server.peer.line.PeerThread;
import io.registry.server.sockets.LogGate;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * What every stream of the port uses.
 *
 * @param lines where streams begin and end
 * @param codec writes what this node says
 * @param incarnations those that peers have proved
 * @param names looks up host names, and may block for that
 * @param clock nanoseconds that never go back
 * @param log lets lines through that others could make many of
 */
record PortContext(
        PeerConfig config,
        LinePort lines,
        DistroCodec codec,
        Incarnations incarnations,
        Executor names,
        Jitter jitter,
        LongSupplier clock,
        LogGate log) {

    PeerThread thread() {
        return lines.thread();
    }

    long nanos() {
        return clock.getAsLong();
    }
}
