package io.registry.server.boot;

import io.registry.server.core.access.AccountOperator;
import io.registry.server.core.account.SigningKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * Who may log in, and for how long.
 *
 * @param adminPassword the password that the first start gives the administrator; empty for one that it makes
 * @param resetAdmin whether the administrator gets that password at this start, whichever it was before
 * @param keys keys that sign tokens in the place of those that the cluster makes; the first one signs, all are taken
 * @param tokenLife how long a token is taken
 */
record AccessSettings(String adminPassword, boolean resetAdmin, List<SigningKey> keys, Duration tokenLife) {

    private static final int ADMIN_PASSWORD_MIN = 8;
    private static final int KEY_BYTES_MIN = 32;
    private static final String ADMIN_PASSWORD = "registry.access.admin-password";
    private static final String KEYS = "registry.access.token-keys";

    /** How the samples begin that others have shipped, and that everybody knows. */
    private static final String SAMPLE = "SecretKey0123456789";

    static AccessSettings read(Settings settings) {
        String password = settings.text(ADMIN_PASSWORD, "");
        if (!password.isEmpty()) {
            if (password.length() < ADMIN_PASSWORD_MIN) {
                throw settings.refusal(ADMIN_PASSWORD, "***", "at least " + ADMIN_PASSWORD_MIN + " characters");
            }
            try {
                AccountOperator.checkPassword(password);
            } catch (RuntimeException e) {
                throw settings.refusal(ADMIN_PASSWORD, "***", "at most 72 bytes");
            }
        }
        boolean reset = settings.truth("registry.access.reset-admin", false);
        List<SigningKey> keys = new ArrayList<>();
        for (String text : settings.list(KEYS, List.of())) {
            keys.add(key(settings, text));
        }
        Duration life = settings.time(
                "registry.access.session-life", Duration.ofHours(5), Duration.ofSeconds(10), Duration.ofDays(30));
        return new AccessSettings(password, reset, keys, life);
    }

    private static SigningKey key(Settings settings, String text) {
        byte[] key = new byte[0];
        try {
            key = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            // refused below, like one that is too short
        }
        boolean sample = text.startsWith(SAMPLE) || new String(key, StandardCharsets.UTF_8).startsWith(SAMPLE);
        if (key.length < KEY_BYTES_MIN || sample) {
            throw settings.refusal(
                    KEYS,
                    "***",
                    "Base64 of at least " + KEY_BYTES_MIN + " bytes that nobody else knows, with commas between");
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key);
            String id = "given-" + HexFormat.of().formatHex(Arrays.copyOf(digest, 8));
            return new SigningKey(id, Base64.getEncoder().encodeToString(key), 0, 0);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return "AccessSettings[***, " + resetAdmin + ", " + keys + ", " + tokenLife + "]";
    }
}
