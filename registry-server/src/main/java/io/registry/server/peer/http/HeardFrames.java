package io.registry.server.peer.http;

import io.registry.server.peer.line.Line;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The frames that have come over a line, until its listener has asked for them. The first one nobody has to ask for.
 *
 * <p><b>Threading</b>: for one thread.
 */
final class HeardFrames {

    private final Queue<byte[]> frames = new ArrayDeque<>();
    private int wanted = 1;
    private boolean delivering;

    void addAll(List<byte[]> more) {
        frames.addAll(more);
    }

    /** Takes note that the listener wants one more. */
    void want() {
        wanted++;
    }

    /**
     * Gives a listener what it wants of what has come. A listener that asks for more meanwhile gets it from the same call.
     *
     * @return false where this is called from within itself: the outer call goes on
     */
    boolean deliver(Line.Listener to) {
        if (delivering) {
            return false;
        }
        delivering = true;
        byte[] frame = next();
        while (frame != null) {
            wanted--;
            to.frame(frame);
            frame = next();
        }
        delivering = false;
        return true;
    }

    private byte @Nullable [] next() {
        return wanted > 0 ? frames.poll() : null;
    }

    /** Returns whether the listener has had everything, and wants more. */
    boolean areTaken() {
        return frames.isEmpty() && wanted > 0;
    }

    /** Forgets what has come: nobody is there any more to hear it. */
    void clear() {
        frames.clear();
    }
}
