package io.registry.server.peer.http;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * The frames that wait for the next body of a line, and the form that they have in it: each with its length before it.
 *
 * <p><b>Threading</b>: for one thread.
 */
final class FrameQueue {

    /** How long a body gets, in bytes, unless it is one frame that is longer. */
    static final int BODY_BYTES = 1 << 20;

    private static final int LENGTH_BYTES = Integer.BYTES;

    /** What may wait before whoever sends is asked to wait instead. */
    private static final int READY_BYTES = 64 << 10;

    private final Queue<byte[]> frames = new ArrayDeque<>();
    private long waitingBytes;

    /** A body that holds something else than frames. */
    static final class MalformedBodyException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedBodyException(String message) {
            super(message);
        }
    }

    void add(byte[] frame) {
        frames.add(frame);
        waitingBytes += frame.length;
    }

    boolean isEmpty() {
        return frames.isEmpty();
    }

    /** Returns whether there is room for more. */
    boolean isReady() {
        return waitingBytes < READY_BYTES;
    }

    void clear() {
        frames.clear();
        waitingBytes = 0;
    }

    /** Returns the next body; empty where nothing waits. */
    byte[] takeBody() {
        List<byte[]> taken = new ArrayList<>();
        long length = 0;
        byte[] next = frames.peek();
        while (next != null && (taken.isEmpty() || length + LENGTH_BYTES + next.length <= BODY_BYTES)) {
            taken.add(next);
            length += LENGTH_BYTES + next.length;
            waitingBytes -= next.length;
            frames.remove();
            next = frames.peek();
        }
        ByteBuffer body = ByteBuffer.allocate(Math.toIntExact(length));
        taken.forEach(frame -> body.putInt(frame.length).put(frame));
        return body.array();
    }

    /** Returns how long a body may be where no frame is longer than so many bytes. */
    static int bodyBytesMax(int frameBytesMax) {
        return Math.max(BODY_BYTES, frameBytesMax + LENGTH_BYTES);
    }

    /** Returns the frames of a body, in their order. */
    static List<byte[]> read(byte[] body) throws MalformedBodyException {
        List<byte[]> frames = new ArrayList<>();
        ByteBuffer rest = ByteBuffer.wrap(body);
        while (rest.hasRemaining()) {
            int length = rest.remaining() < LENGTH_BYTES ? -1 : rest.getInt();
            if (length < 0 || length > rest.remaining()) {
                throw new MalformedBodyException("body: frame " + (frames.size() + 1) + " goes beyond its end");
            }
            byte[] frame = new byte[length];
            rest.get(frame);
            frames.add(frame);
        }
        return frames;
    }
}
