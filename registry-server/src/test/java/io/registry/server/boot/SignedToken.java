package io.registry.server.boot;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens that nobody has issued. */
final class SignedToken {

    private static final byte[] SECRET = "a key of the tests that is long enough".getBytes(StandardCharsets.UTF_8);

    /** The key that the server is given. */
    static final String KEY = Base64.getEncoder().encodeToString(SECRET);

    private static final long FAR = 99_999_999_999L;

    private SignedToken() {}

    /** Returns a token that was right once. */
    static String expired(String user) {
        return signed(header(), payload(user, 1), SECRET);
    }

    /** Returns a token that names the server's key and was signed by another one. */
    static String byAnotherKey(String user) {
        return signed(
                header(), payload(user, FAR), "another key of the tests that is long".getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a token that says that it needs no signature. */
    static String unsigned(String user) {
        return text("{\"alg\":\"none\"}") + "." + text(payload(user, FAR)) + ".";
    }

    /** Returns a token with one bit of its signature turned over. */
    static String spoilt(String token) {
        int dot = token.lastIndexOf('.');
        byte[] signature = Base64.getUrlDecoder().decode(token.substring(dot + 1));
        signature[0] ^= 1;
        return token.substring(0, dot + 1)
                + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    }

    private static String header() {
        return "{\"alg\":\"HS256\",\"kid\":\"given-" + HexFormat.of().formatHex(Arrays.copyOf(sha256(SECRET), 8))
                + "\"}";
    }

    private static String payload(String user, long end) {
        return "{\"sub\":\"" + user + "\",\"exp\":" + end + ",\"ver\":\"0000000000000000\"}";
    }

    private static String signed(String header, String payload, byte[] secret) {
        String signed = text(header) + "." + text(payload);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            byte[] signature = mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
            return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
