package io.registry.server.peer.line;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Where the lines of one node begin and end.
 *
 * <p><b>Threading</b>: {@link #call} on the thread of the port, the rest by the one thread that starts and stops it.
 */
public interface LinePort {

    /**
     * Takes a line that another node has opened.
     *
     * <p><b>Threading</b>: called on the thread of the port.
     */
    @FunctionalInterface
    interface Acceptor {

        /** Returns what hears the line. Nothing is heard before, and what is sent on it is not said before. */
        Line.Listener accept(IncomingLine line);
    }

    /** Returns the thread on which everything happens; whoever has made the port ends it, after the port. */
    PeerThread thread();

    /**
     * Takes lines from now on.
     *
     * @throws IOException where the port cannot be opened
     */
    void listen(Acceptor acceptor) throws IOException;

    /** Returns the number of the port that was opened; 0 where there is none of its own. */
    int number();

    /** Opens a line. Whether it comes about is told to the listener only, and not before this has come back. */
    OutgoingLine call(InetSocketAddress address, Line.Listener listener);

    /** Takes no line any more, and ends what there is. */
    void close();
}
