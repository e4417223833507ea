package io.registry.server.boot;

import io.registry.server.core.access.AccessConfig;
import io.registry.server.core.access.AccountOperator;
import io.registry.server.core.account.SigningKey;
import io.registry.server.core.digest.Sha256;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Who may log in, for how long, and who has to.
 *
 * @param adminPassword the password that the first start gives the administrator; empty for one that it makes
 * @param resetAdmin whether the administrator gets that password at this start, whichever it was before
 * @param keys keys that sign tokens in the place of those that the cluster makes; the first one signs, all are taken
 * @param tokenLife how long a token is taken
 * @param clients whether clients have to log in
 * @param metricsOpen whether figures are read without a login
 */
record AccessSettings(
        String adminPassword,
        boolean resetAdmin,
        List<SigningKey> keys,
        Duration tokenLife,
        AccessConfig.Clients clients,
        boolean metricsOpen) {

    private static final int ADMIN_PASSWORD_MIN = 8;
    private static final int KEY_BYTES_MIN = 32;
    private static final String ADMIN_PASSWORD = "registry.access.admin-password";
    private static final String CLIENTS = "registry.access.clients";
    private static final String UNSET = "not set";
    private static final String KEYS = "registry.access.token-keys";

    /** How the samples begin that others have shipped, and that everybody knows. */
    private static final String SAMPLE = "SecretKey0123456789";

    static AccessSettings read(Settings settings, InetAddress address) {
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
        AccessConfig.Clients clients = clients(settings, address);
        String metrics = settings.choice("registry.access.metrics", UNSET, List.of("open", "required"));
        boolean open = metrics.equals(UNSET) ? address.isLoopbackAddress() : metrics.equals("open");
        return new AccessSettings(password, reset, keys, life, clients, open);
    }

    /** Returns what the policy has to know. */
    AccessConfig config() {
        return new AccessConfig(clients, metricsOpen);
    }

    /** A node that others can reach serves whoever comes only where the operator has said so. */
    private static AccessConfig.Clients clients(Settings settings, InetAddress address) {
        String said = settings.choice(CLIENTS, UNSET, List.of("open", "required", "report"));
        if (!said.equals(UNSET)) {
            return AccessConfig.Clients.valueOf(said.toUpperCase(Locale.ROOT));
        }
        if (!address.isLoopbackAddress()) {
            throw new RefusedStart(CLIENTS + ": not set, and server.address=" + address.getHostAddress()
                    + " can be reached from other machines (expected: both of these; required instead of open where clients"
                    + " have to log in)\n"
                    + "    --server.address=" + address.getHostAddress() + "\n"
                    + "    --" + CLIENTS + "=open");
        }
        return AccessConfig.Clients.OPEN;
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
        String id = "given-" + HexFormat.of().formatHex(Arrays.copyOf(Sha256.of(key), 8));
        return new SigningKey(id, Base64.getEncoder().encodeToString(key), 0, 0);
    }

    @Override
    public String toString() {
        return "AccessSettings[***, " + resetAdmin + ", " + keys + ", " + tokenLife + ", " + clients + ", "
                + metricsOpen + "]";
    }
}
