package io.registry.server.access;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.server.core.access.Authenticator;
import io.registry.server.core.access.Credentials;
import io.registry.server.core.access.Passwords;
import io.registry.server.core.access.Principal;
import io.registry.server.core.account.Account;
import io.registry.server.core.persistent.PersistentStore;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Knows callers by their tokens or passwords. A wrong password and an unknown name have one answer and one cost. Who fails
 * too often has to wait, by address and by name; who has proved a password lately does not, so that nobody who works with it
 * is locked out by the failures of others.
 *
 * <p><b>Threading</b>: as {@link Authenticator} says.
 */
public final class Logins implements Authenticator {

    /** What is said of whoever is not known, whatever the reason. */
    public static final String UNKNOWN = "user not found!";

    private static final int REMEMBERED_MAX = 8_192;
    private static final int NAME_MAX = 256;
    private static final int SALT_BYTES = 16;

    /** A hash in the form of all others, of no password: comparing with it costs the same. */
    private static final String NOBODY = "$2a$10$" + ".".repeat(53);

    private final PersistentStore store;
    private final Passwords passwords;
    private final Tokens tokens;
    private final String salt;

    /** Who guesses from one place meets this bound first, so that it is not the user who is locked out by it. */
    private final Attempts byBoth;

    private final Attempts byAddress;
    private final Attempts byName;

    /** The hash that a password was found to have, by what only that name and password give. */
    private final RecentlyProved<String, String> proved = new RecentlyProved<>(REMEMBERED_MAX);

    /** Makes the logins of a node. */
    public Logins(PersistentStore store, Passwords passwords, Tokens tokens, Secrets secrets, LongSupplier nanos) {
        this.store = store;
        this.passwords = passwords;
        this.tokens = tokens;
        this.salt = HexFormat.of().formatHex(secrets.bytes(SALT_BYTES));
        this.byBoth = new Attempts(10_000, 10, Duration.ofSeconds(6), nanos);
        this.byAddress = new Attempts(10_000, 50, Duration.ofSeconds(1), nanos);
        this.byName = new Attempts(10_000, 100, Duration.ofSeconds(1), nanos);
    }

    @Override
    public Identity identify(Credentials credentials) {
        String token = credentials.token();
        if (token != null) {
            return tokens.check(token);
        }
        String user = credentials.user();
        String password = credentials.password();
        if (user == null || password == null) {
            return Identity.unknown(UNKNOWN);
        }
        Account account = account(user, password, credentials.address());
        return account == null ? Identity.unknown(UNKNOWN) : Identity.of(Principal.user(account.name()));
    }

    /**
     * Returns the user that a password belongs to, or null.
     *
     * @param address where the caller is
     * @throws RegistryException {@code OVER_LIMIT} where too many attempts have failed
     */
    public @Nullable Account account(String user, String password, String address) {
        Account account =
                user.length() > NAME_MAX ? null : store.state().accounts().user(user);
        String proof = HexFormat.of().formatHex(Digests.sha256(salt, user, password));
        String known = proved.get(proof);
        if (account != null && account.passwordHash().equals(known)) {
            return account;
        }
        String name = user.length() > NAME_MAX ? user.substring(0, NAME_MAX) : user;
        String both = address + " " + name;
        take(byBoth, both);
        take(byAddress, address);
        take(byName, name);
        boolean right = passwords.matches(password, account == null ? NOBODY : account.passwordHash());
        if (account == null || !right) {
            return null;
        }
        byBoth.giveBack(both);
        byAddress.giveBack(address);
        byName.giveBack(name);
        proved.put(proof, account.passwordHash());
        return account;
    }

    private static void take(Attempts attempts, String who) {
        long wait = attempts.take(who);
        if (wait > 0) {
            throw new RegistryException(
                    ErrorCode.OVER_LIMIT,
                    "too many failed logins, try again in " + (TimeUnit.NANOSECONDS.toSeconds(wait) + 1) + " s");
        }
    }
}
