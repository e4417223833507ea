package io.registry.server.access;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.server.core.access.Passwords;
import io.registry.server.core.account.Account;
import io.registry.server.core.persistent.PersistentCommand;
import io.registry.server.core.persistent.PersistentLog;
import io.registry.server.core.persistent.PersistentStore;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a cluster its administrator and the key that signs its tokens, once. Of several members that try, one succeeds, and
 * that one shows the password; nobody can see it again. Who starts a node may have the administrator's password set anew:
 * they could read all of its data anyway.
 *
 * <p>A change that was refused, or is late, may still be committed. So all attempts of a member ask for the same password and
 * hash, and it is by the hash that the member knows, whenever it looks, that the password to show is its own.
 *
 * <p><b>Threading</b>: one thread at a time, which waits.
 */
public final class FirstStart {

    private static final Logger LOG = LoggerFactory.getLogger(FirstStart.class);

    /** Longer than the log takes to refuse. */
    private static final Duration WAIT_MAX = Duration.ofSeconds(5);

    private final PersistentStore store;
    private final PersistentLog log;
    private final Passwords passwords;
    private final Secrets secrets;
    private final String given;
    private boolean resetAsked;
    private final LongSupplier wallMillis;
    private final Consumer<String> console;

    /** What the administrator shall have; null until it is asked for the first time. */
    private @Nullable Made made;

    private boolean shown;

    /** A password, and what makes it known again. */
    private record Made(String password, String hash) {}

    /**
     * Prepares it.
     *
     * @param given the administrator's password; empty for one that is made here and shown
     * @param resetAsked whether an administrator who is there already gets this password, too
     * @param console shows a text to whoever starts the node, and keeps it nowhere
     */
    public FirstStart(
            PersistentStore store,
            PersistentLog log,
            Passwords passwords,
            Secrets secrets,
            String given,
            boolean resetAsked,
            LongSupplier wallMillis,
            Consumer<String> console) {
        this.store = store;
        this.log = log;
        this.passwords = passwords;
        this.secrets = secrets;
        this.given = given;
        this.resetAsked = resetAsked;
        this.wallMillis = wallMillis;
        this.console = console;
    }

    /** Makes what is missing, and what was asked for; returns whether all is there. */
    public boolean complete() {
        try {
            if (store.state().accounts().keys().isEmpty()) {
                propose(new PersistentCommand.FoundAccess(
                        Account.ADMINISTRATOR, made().hash(), secrets.signingKey(wallMillis.getAsLong())));
            } else if (resetAsked) {
                reset();
            }
            resetAsked = false;
            showOnce();
            return true;
        } catch (RegistryException | ExecutionException | TimeoutException e) {
            LOG.warn(
                    "administrator not set up yet, tried again: cause={}",
                    e.getCause() == null ? e.toString() : e.getCause().getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** A password that is right already stays, and with it all tokens: the setting may be there at many starts. */
    private void reset() throws ExecutionException, TimeoutException, InterruptedException {
        Account before = store.state().accounts().user(Account.ADMINISTRATOR);
        if (before != null && before.isAdministrator() && isRight(before.passwordHash())) {
            return;
        }
        propose(new PersistentCommand.PutUser(
                Account.ADMINISTRATOR, made().hash(), before == null ? "" : before.passwordHash()));
        if (!isKept(made())) {
            throw new RegistryException(ErrorCode.ILLEGAL_STATE, "another change of the password came first");
        }
        propose(new PersistentCommand.BindRole(Account.ADMIN_ROLE, Account.ADMINISTRATOR));
        LOG.warn("password of {} was reset, as the settings say; all tokens of it are void", Account.ADMINISTRATOR);
    }

    private boolean isRight(String hash) {
        Made ours = made;
        return ours != null && ours.hash().equals(hash) || !given.isEmpty() && passwords.matches(given, hash);
    }

    private Made made() {
        Made ours = made;
        if (ours == null) {
            String password = given.isEmpty() ? secrets.password() : given;
            ours = new Made(password, passwords.hash(password));
            made = ours;
        }
        return ours;
    }

    private void showOnce() {
        Made ours = made;
        if (ours == null || shown || !isKept(ours)) {
            return;
        }
        shown = true;
        if (given.isEmpty()) {
            console.accept("administrator: log in as " + Account.ADMINISTRATOR + " with password " + ours.password()
                    + " (shown once; change it with PUT /nacos/v3/auth/user)");
        }
    }

    private boolean isKept(Made ours) {
        return store.state().accounts().passwordHash(Account.ADMINISTRATOR).equals(ours.hash());
    }

    private void propose(PersistentCommand command) throws ExecutionException, TimeoutException, InterruptedException {
        log.propose(command).toCompletableFuture().get(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);
    }
}
