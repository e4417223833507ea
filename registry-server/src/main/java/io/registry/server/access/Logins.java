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
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
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

    /** So many may wait for what others have compared; each has a thread of the HTTP port meanwhile. */
    private static final int WAITING_MAX = 64;

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

    /** Comparisons that are under way, by the same. */
    private final ConcurrentMap<String, CompletableFuture<@Nullable Void>> underWay = new ConcurrentHashMap<>();

    private final Semaphore waiting = new Semaphore(WAITING_MAX);

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
     * @throws RegistryException {@code OVER_LIMIT} where too many attempts have failed, {@code OVERLOADED} where too many
     *     are under way
     */
    public @Nullable Account account(String user, String password, String address) {
        String proof = HexFormat.of().formatHex(Digests.sha256(salt, user, password));
        Account known = proved(user, proof);
        if (known != null) {
            return known;
        }
        CompletableFuture<@Nullable Void> mine = new CompletableFuture<>();
        CompletableFuture<@Nullable Void> others = underWay.putIfAbsent(proof, mine);
        if (others != null) {
            // Many who say the same at once, as all processes of an application do, have it compared once.
            await(others);
            return proved(user, proof);
        }
        try {
            // Somebody else may have just been through with it.
            if (proved(user, proof) == null) {
                compare(user, password, address, proof);
            }
            mine.complete(null);
            return proved(user, proof);
        } catch (RuntimeException e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            underWay.remove(proof);
        }
    }

    private @Nullable Account present(String user) {
        return user.length() > NAME_MAX ? null : store.state().accounts().user(user);
    }

    /** Returns a user as they are now, where this is the proof of their present password: it may be another one meanwhile. */
    private @Nullable Account proved(String user, String proof) {
        Account now = present(user);
        return now != null && now.passwordHash().equals(proved.get(proof)) ? now : null;
    }

    private void await(CompletableFuture<@Nullable Void> others) {
        if (!waiting.tryAcquire()) {
            throw new RegistryException(ErrorCode.OVERLOADED, "too many logins are under way, please try again later!");
        }
        try {
            others.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RegistryException refused ? refused : e;
        } finally {
            waiting.release();
        }
    }

    /**
     * Compares a password, and remembers where it is right. Takes an attempt of each kind, and gives all of them back but
     * where it is wrong.
     */
    private void compare(String user, String password, String address, String proof) {
        Account account = present(user);
        String name = user.length() > NAME_MAX ? user.substring(0, NAME_MAX) : user;
        List<Runnable> taken = new ArrayList<>();
        boolean wrong = false;
        try {
            // The address first: who has none left there takes none of anybody's name.
            taken.add(take(byAddress, address));
            taken.add(take(byBoth, address + " " + name));
            taken.add(take(byName, name));
            boolean right = passwords.matches(password, account == null ? NOBODY : account.passwordHash());
            if (right && account != null) {
                proved.put(proof, account.passwordHash());
            } else {
                wrong = true;
            }
        } finally {
            if (!wrong) {
                taken.forEach(Runnable::run);
            }
        }
    }

    /** Takes an attempt; returns what gives it back. */
    private static Runnable take(Attempts attempts, String who) {
        long wait = attempts.take(who);
        if (wait > 0) {
            throw new RegistryException(
                    ErrorCode.OVER_LIMIT,
                    "too many failed logins, try again in " + (TimeUnit.NANOSECONDS.toSeconds(wait) + 1) + " s");
        }
        return () -> attempts.giveBack(who);
    }
}
