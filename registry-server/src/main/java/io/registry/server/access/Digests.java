package io.registry.server.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The digests by which secrets are known without being kept. */
final class Digests {

    private Digests() {}

    /** Returns the SHA-256 of texts; each stands after a byte that no text has, so that none can run into another. */
    static byte[] sha256(String... texts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String text : texts) {
                digest.update((byte) 0xFF);
                digest.update(text.getBytes(StandardCharsets.UTF_8));
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
