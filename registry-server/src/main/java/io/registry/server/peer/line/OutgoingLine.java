package io.registry.server.peer.line;

/** A line that this node has opened. */
public interface OutgoingLine extends Line {

    /** Says that nothing more is sent: the other side ends the line when it has taken what was. */
    void finish();

    /** Ends the line now. */
    void close();
}
