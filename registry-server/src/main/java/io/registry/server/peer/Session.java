package io.registry.server.peer;

import io.registry.distro.model.NodeId;
import io.registry.server.core.encoding.Form;
import io.registry.server.core.encoding.MessageWriter;
import io.registry.server.secret.PeerSecret;
import io.registry.server.secret.Seal;
import java.util.Arrays;

/**
 * What two nodes have agreed on when both have proved themselves, and the frames of their stream from then on.
 *
 * <p><b>Threading</b>: for one thread.
 */
final class Session {

    /** A message of replication. */
    static final int MESSAGE = 1;

    /** A question. */
    static final int CALL = 2;

    /** The answer to one. */
    static final int ANSWER = 3;

    /** What stands before the content of a frame: its kind. */
    static final int HEAD_BYTES = 1;

    /** What a frame has beside its content. */
    static final int EXTRA_BYTES = HEAD_BYTES + Seal.BYTES;

    private final NodeId peer;
    private final long incarnation;
    private final int version;
    private final Seal sending;
    private final Seal receiving;

    Session(NodeId peer, long incarnation, int version, byte[] sendKey, byte[] receiveKey) {
        this.peer = peer;
        this.incarnation = incarnation;
        this.version = version;
        this.sending = new Seal(sendKey);
        this.receiving = new Seal(receiveKey);
    }

    /** Returns the other node. */
    NodeId peer() {
        return peer;
    }

    /** Returns the incarnation of the other node. */
    long incarnation() {
        return incarnation;
    }

    /** Returns the version that both speak. */
    int version() {
        return version;
    }

    /** Returns the next frame that is sent. */
    <T> byte[] frame(int kind, Form<T> form, T content) {
        return seal(kind, MessageWriter.framed(HEAD_BYTES, form, content, Seal.BYTES));
    }

    /** Makes bytes with room for a head and a seal the next frame that is sent. */
    byte[] seal(int kind, byte[] frame) {
        frame[0] = (byte) kind;
        int length = frame.length - EXTRA_BYTES;
        byte[] seal = sending.next(kind, frame, HEAD_BYTES, length);
        System.arraycopy(seal, 0, frame, HEAD_BYTES + length, Seal.BYTES);
        return frame;
    }

    /**
     * Takes the next frame that was received.
     *
     * @return its kind; its content is between the head and the seal
     * @throws RefusedException where it is not what was sent
     */
    int open(byte[] frame) throws RefusedException {
        int length = frame.length - EXTRA_BYTES;
        if (length < 0) {
            throw new RefusedException("frame: " + frame.length + " bytes (expected: at least " + EXTRA_BYTES + ")");
        }
        int kind = frame[0] & 0xff;
        byte[] seal = Arrays.copyOfRange(frame, frame.length - Seal.BYTES, frame.length);
        if (!PeerSecret.same(seal, receiving.next(kind, frame, HEAD_BYTES, length))) {
            throw new RefusedException("frame: changed on its way, or one is missing before it");
        }
        return kind;
    }
}
