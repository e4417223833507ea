package io.registry.server.access;

import io.registry.server.core.digest.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** The digests by which secrets are known without being kept. */
final class Digests {

    private Digests() {}

    /** Returns the SHA-256 of texts; each stands after a byte that no text has, so that none can run into another. */
    static byte[] sha256(String... texts) {
        MessageDigest digest = Sha256.begin();
        for (String text : texts) {
            digest.update((byte) 0xFF);
            digest.update(text.getBytes(StandardCharsets.UTF_8));
        }
        return digest.digest();
    }
}
