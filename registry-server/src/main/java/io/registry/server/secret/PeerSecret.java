package io.registry.server.secret;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;

/**
 * What the members of a cluster share: its name and its secret. The secret is never sent.
 *
 * <p><b>Threading</b>: immutable.
 *
 * @param cluster the name
 * @param secret the secret
 */
public record PeerSecret(String cluster, String secret) {

    /** How long a number is that is used once. */
    public static final int NONCE_BYTES = 16;

    /** How long a proof is. */
    public static final int PROOF_BYTES = 32;

    private static final SecureRandom NONCES = new SecureRandom();

    /** Returns a number that nobody has used before, which makes a connection one of its kind. */
    public static byte[] nonce() {
        byte[] nonce = new byte[NONCE_BYTES];
        NONCES.nextBytes(nonce);
        return nonce;
    }

    /** Returns the proof that one side of a connection knows the secret: it holds for these two nonces only. */
    public byte[] proof(String side, byte[] callerNonce, byte[] calledNonce) {
        Mac mac = begin(side, callerNonce, calledNonce);
        return mac.doFinal(cluster.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Returns the proof that one side knows the secret and that this is what both sides have said: it holds for these two
     * nonces and these words only.
     *
     * @param said what both have sent until now, in that order
     */
    public byte[] proof(String side, byte[] callerNonce, byte[] calledNonce, byte[] said) {
        Mac mac = begin(side, callerNonce, calledNonce);
        byte[] name = cluster.getBytes(StandardCharsets.UTF_8);
        // Its length too: no other name may go together with other words to the same bytes.
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(name.length).array());
        mac.update(name);
        return mac.doFinal(said);
    }

    /** Returns whether two proofs or seals are the same, in a time that does not tell where they differ. */
    public static boolean same(byte[] one, byte[] other) {
        return MessageDigest.isEqual(one, other);
    }

    private Mac begin(String side, byte[] callerNonce, byte[] calledNonce) {
        Mac mac = Seal.mac(secret.getBytes(StandardCharsets.UTF_8));
        mac.update(side.getBytes(StandardCharsets.UTF_8));
        mac.update((byte) 0);
        mac.update(callerNonce);
        mac.update(calledNonce);
        return mac;
    }

    @Override
    public String toString() {
        return cluster + ", ***";
    }
}
