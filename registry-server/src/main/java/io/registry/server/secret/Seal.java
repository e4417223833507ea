package io.registry.server.secret;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals the frames of one direction of one connection, so that none can be added, changed, repeated, left out or put in
 * another place. Each side counts the frames for itself.
 *
 * <p><b>Threading</b>: for one thread at a time.
 */
public final class Seal {

    /** How long a seal is. */
    public static final int BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";

    private final Mac mac;
    private final ByteBuffer head = ByteBuffer.allocate(Long.BYTES + 1);
    private long place;

    /** Begins with the first frame of a direction. */
    public Seal(byte[] key) {
        this.mac = mac(key);
    }

    /** Returns the seal of the next frame. */
    public byte[] next(int kind, byte[] content) {
        return next(kind, content, 0, content.length);
    }

    /** Returns the seal of the next frame, whose content is a part of an array. */
    public byte[] next(int kind, byte[] bytes, int from, int length) {
        head.clear();
        mac.update(head.putLong(place++).put((byte) kind).array());
        mac.update(bytes, from, length);
        return mac.doFinal();
    }

    static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
