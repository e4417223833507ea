package io.registry.server.peer.line;

/**
 * An ordered way for frames to another node and back. What is sent arrives once and in its order, or the line ends.
 *
 * <p><b>Threading</b>: on the thread of the port.
 */
public interface Line {

    /** Sends a frame, or keeps it until the other side takes it; dropped where the line has ended. */
    void send(byte[] frame);

    /** Returns whether it takes a frame without keeping much; where not, {@link Listener#ready} says when. */
    boolean isReady();

    /** Lets one more frame come, after the first, which nobody has to ask for. Meanwhile the other side is held up. */
    void next();

    /**
     * Hears what comes.
     *
     * <p><b>Threading</b>: called on the thread of the port; not while it is called already.
     */
    interface Listener {

        /** A frame has come: the first one, or one that was asked for. The array is the listener's. */
        void frame(byte[] frame);

        /** The line takes frames again. */
        void ready();

        /**
         * The line has ended, and not because its owner has ended it; the last call.
         *
         * @param cause why, in the words of whoever noticed; not to be trusted where it came over the line
         */
        void ended(String cause);
    }
}
