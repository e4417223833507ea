package io.registry.server.access;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.proto.json.Utf8Json;
import io.registry.server.core.access.Authenticator.Identity;
import io.registry.server.core.access.Principal;
import io.registry.server.core.account.Account;
import io.registry.server.core.account.SigningKey;
import io.registry.server.core.persistent.PersistentStore;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs tokens and checks them. A token is a JWT (RFC 7519) with HS256: it names its key, its user, its end, and which of
 * the user's passwords it was given for, so that it ends with a change of the password, or with the user. Only tokens of the
 * one form that is written here are taken, and nothing of one is read before its signature is found right.
 *
 * <p><b>Threading</b>: from any thread. A token that was seen before costs a few lookups.
 */
public final class Tokens {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int LENGTH_MAX = 2_048;
    private static final int REMEMBERED_MAX = 8_192;
    private static final int VERSION_BYTES = 8;

    private static final Pattern HEADER = Pattern.compile("\\{\"alg\":\"HS256\",\"kid\":\"([\\w-]{1,64})\"}");
    private static final Pattern PAYLOAD =
            Pattern.compile("\\{\"sub\":\"([^\"\\\\]{1,256})\",\"exp\":(\\d{1,12}),\"ver\":\"([0-9a-f]{16})\"}");

    /** Clients look every 5 s whether it is time to log in again, and some of them no sooner than at the end. */
    private static final Duration GRACE = Duration.ofSeconds(15);

    private final PersistentStore store;
    private final List<SigningKey> given;
    private final Duration life;
    private final LongSupplier wallMillis;
    private final long startedAtMillis;
    private final RecentlyProved<String, Proved> proved = new RecentlyProved<>(REMEMBERED_MAX);

    private record Proved(Account account, SigningKey key, long endMillis, Identity identity) {}

    /**
     * Makes the tokens of a node.
     *
     * @param given keys from outside, of which the first one signs in the place of the kept ones, which are taken only for
     *     the life of a token more; empty for none
     * @param life how long clients are told that a token is taken
     */
    public Tokens(PersistentStore store, List<SigningKey> given, Duration life, LongSupplier wallMillis) {
        this.store = store;
        this.given = List.copyOf(given);
        this.life = life;
        this.wallMillis = wallMillis;
        this.startedAtMillis = wallMillis.getAsLong();
    }

    /** Returns how long clients are told that a token is taken. */
    public Duration life() {
        return life;
    }

    /** Returns how long a token is taken: somewhat longer than clients are told, so that none of them is late. */
    public Duration takenFor() {
        return life.plus(GRACE);
    }

    /** Returns whether the keys are those that were given, so that another one cannot be made here. */
    public boolean areKeysGiven() {
        return !given.isEmpty();
    }

    /** Returns a token for a user. */
    public String issue(Account account) {
        SigningKey key = given.isEmpty() ? store.state().accounts().newestKey() : given.get(0);
        if (key == null) {
            throw new RegistryException(ErrorCode.NOT_READY, "no key to sign with yet, please try again later!");
        }
        Utf8Json header = new Utf8Json(64)
                .beginObject()
                .field("alg", "HS256")
                .field("kid", key.id())
                .endObject();
        Utf8Json payload = new Utf8Json(128)
                .beginObject()
                .field("sub", account.name())
                .field("exp", wallMillis.getAsLong() / 1000 + takenFor().toSeconds())
                .field("ver", version(account))
                .endObject();
        String signed = text(header.toBytes()) + "." + text(payload.toBytes());
        return signed + "." + text(signature(key, signed));
    }

    /** Finds out whose token it is, and whether it is still taken. */
    public Identity check(String token) {
        Proved before = proved.get(token);
        if (before != null && stillHolds(before)) {
            return before.identity();
        }
        return look(token);
    }

    private boolean stillHolds(Proved before) {
        long now = wallMillis.getAsLong();
        Account account = store.state().accounts().user(before.account().name());
        return now < before.endMillis()
                && account != null
                && account.passwordHash().equals(before.account().passwordHash())
                && before.key().equals(key(before.key().id(), now));
    }

    private Identity look(String token) {
        int first = token.indexOf('.');
        int second = token.indexOf('.', first + 1);
        if (token.length() > LENGTH_MAX || first < 0 || second < 0 || token.indexOf('.', second + 1) >= 0) {
            return Identity.unknown("token invalid!");
        }
        byte[] header = bytes(token.substring(0, first));
        byte[] payload = bytes(token.substring(first + 1, second));
        byte[] signature = bytes(token.substring(second + 1));
        if (header == null || payload == null || signature == null || header.length == 0 || header[0] != '{') {
            return Identity.unknown("token invalid!");
        }
        String head = new String(header, StandardCharsets.UTF_8);
        Matcher named = HEADER.matcher(head);
        if (!named.matches()) {
            boolean ours = head.contains("\"HS256\"");
            return Identity.unknown(ours ? "Invalid signature" : "unsupported signature algorithm");
        }
        long now = wallMillis.getAsLong();
        SigningKey key = key(named.group(1), now);
        if (key == null || !MessageDigest.isEqual(signature(key, token.substring(0, second)), signature)) {
            return Identity.unknown("Invalid signature");
        }
        Matcher said = PAYLOAD.matcher(new String(payload, StandardCharsets.UTF_8));
        if (!said.matches()) {
            return Identity.unknown("token invalid!");
        }
        return hold(token, key, said, now);
    }

    private Identity hold(String token, SigningKey key, Matcher said, long now) {
        long end = Long.parseLong(said.group(2)) * 1000;
        if (now >= end) {
            return Identity.unknown("token expired!");
        }
        Account account = store.state().accounts().user(said.group(1));
        if (account == null) {
            return Identity.unknown(Logins.UNKNOWN);
        }
        if (!version(account).equals(said.group(3))) {
            return Identity.unknown("token invalid!");
        }
        Identity identity = Identity.of(Principal.user(account.name()));
        proved.put(token, new Proved(account, key, end, identity));
        return identity;
    }

    private @Nullable SigningKey key(String id, long now) {
        for (SigningKey each : given) {
            if (each.id().equals(id)) {
                return each;
            }
        }
        // Where keys are given, the kept ones count for tokens only that were signed before that was so.
        boolean over = !given.isEmpty() && now >= startedAtMillis + takenFor().toMillis();
        SigningKey key = over ? null : store.state().accounts().keys().get(id);
        return key != null && key.isValidAt(now) ? key : null;
    }

    private static byte[] signature(SigningKey key, String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(key.secret()), ALGORITHM));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Another one after each change of the password: the hash has its salt in it. */
    private static String version(Account account) {
        return HexFormat.of().formatHex(Arrays.copyOf(Digests.sha256(account.passwordHash()), VERSION_BYTES));
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte @Nullable [] bytes(String text) {
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
