package io.registry.server.access;

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
                found();
            } else if (resetAsked) {
                reset();
            }
            resetAsked = false;
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

    private void found() throws ExecutionException, TimeoutException, InterruptedException {
        String password = password();
        String hash = passwords.hash(password);
        propose(new PersistentCommand.FoundAccess(
                Account.ADMINISTRATOR, hash, secrets.signingKey(wallMillis.getAsLong())));
        Account administrator = administrator();
        if (administrator != null && administrator.passwordHash().equals(hash)) {
            show("first start", password);
        }
    }

    /** A password that is right already stays, and with it all tokens: the setting may be there at many starts. */
    private void reset() throws ExecutionException, TimeoutException, InterruptedException {
        Account before = administrator();
        if (before != null
                && before.isAdministrator()
                && !given.isEmpty()
                && passwords.matches(given, before.passwordHash())) {
            return;
        }
        String password = password();
        propose(new PersistentCommand.PutUser(Account.ADMINISTRATOR, passwords.hash(password)));
        propose(new PersistentCommand.BindRole(Account.ADMIN_ROLE, Account.ADMINISTRATOR));
        LOG.warn("password of {} was reset, as the settings say; all tokens of it are void", Account.ADMINISTRATOR);
        show("reset", password);
    }

    private String password() {
        return given.isEmpty() ? secrets.password() : given;
    }

    private void show(String why, String password) {
        if (given.isEmpty()) {
            console.accept(why + ": log in as " + Account.ADMINISTRATOR + " with password " + password
                    + " (shown once; change it with PUT /nacos/v3/auth/user)");
        }
    }

    private @Nullable Account administrator() {
        return store.state().accounts().user(Account.ADMINISTRATOR);
    }

    private void propose(PersistentCommand command) throws ExecutionException, TimeoutException, InterruptedException {
        log.propose(command).toCompletableFuture().get(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);
    }
}
