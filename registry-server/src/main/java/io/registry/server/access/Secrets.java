package io.registry.server.access;

import io.registry.server.core.account.SigningKey;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * What nobody may guess.
 *
 * <p><b>Threading</b>: from any thread.
 */
public final class Secrets {

    /** As long as what the signature yields: longer adds nothing. */
    static final int KEY_BYTES = 32;

    /** Without those that are taken for one another. */
    private static final String LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private static final int PASSWORD_LENGTH = 24;
    private static final int ID_BYTES = 6;

    private final SecureRandom random = new SecureRandom();

    /** Returns a password of some 137 bits. */
    String password() {
        return random.ints(PASSWORD_LENGTH, 0, LETTERS.length())
                .mapToObj(at -> LETTERS.substring(at, at + 1))
                .collect(java.util.stream.Collectors.joining());
    }

    /** Returns a key that signs tokens, without an end. */
    public SigningKey signingKey(long wallMillis) {
        String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(ID_BYTES));
        return new SigningKey(id, Base64.getEncoder().encodeToString(bytes(KEY_BYTES)), wallMillis, 0);
    }

    byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
