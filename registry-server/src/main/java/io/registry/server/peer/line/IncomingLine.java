package io.registry.server.peer.line;

/** A line that another node has opened. Until it is {@link #admitted}, what may come over it is little, and not for long. */
public interface IncomingLine extends Line {

    /** Why a line is ended from this side. */
    enum End {
        /** This node is stopping. */
        STOPPING,
        /** It has had its time: its node is no member any more, or has opened another one. */
        OVER,
        /** Who has opened it is not listened to. */
        REFUSED
    }

    /** Takes away the bounds of a stranger: the caller has proved itself. */
    void admitted();

    /** Ends the line now; the other side is told the cause, as far as it still listens. */
    void end(End end, String cause);

    /** Returns where it comes from, as far as that is known. */
    String remote();
}
