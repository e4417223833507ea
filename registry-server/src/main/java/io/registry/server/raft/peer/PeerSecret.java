package io.registry.server.raft.peer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the members of a cluster share: its name and its secret. Neither is ever sent.
 *
 * @param cluster the name
 * @param secret the secret
 */
public record PeerSecret(String cluster, String secret) {

    static final int NONCE_BYTES = 16;
    static final int PROOF_BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";

    /** Returns the proof that one side of a connection knows the secret: it holds for these two nonces only. */
    byte[] proof(String side, byte[] callerNonce, byte[] calledNonce) {
        Mac mac = mac(secret.getBytes(StandardCharsets.UTF_8));
        mac.update(side.getBytes(StandardCharsets.UTF_8));
        mac.update((byte) 0);
        mac.update(callerNonce);
        mac.update(calledNonce);
        return mac.doFinal(cluster.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the seal of a frame: it holds for its place in one direction of one connection only. */
    static byte[] seal(Mac key, long place, int kind, byte[] content) {
        key.update(ByteBuffer.allocate(Long.BYTES + 1)
                .putLong(place)
                .put((byte) kind)
                .array());
        return key.doFinal(content);
    }

    static boolean same(byte[] one, byte[] other) {
        return MessageDigest.isEqual(one, other);
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

    @Override
    public String toString() {
        return cluster + ", ***";
    }
}
