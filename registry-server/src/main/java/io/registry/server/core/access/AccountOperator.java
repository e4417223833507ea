package io.registry.server.core.access;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.server.core.account.Account;
import io.registry.server.core.account.Accounts;
import io.registry.server.core.account.Permission;
import io.registry.server.core.account.SigningKey;
import io.registry.server.core.persistent.PersistentCommand;
import io.registry.server.core.persistent.PersistentLog;
import io.registry.server.core.persistent.PersistentStore;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Users, roles, permissions and keys, as the administrator sets them.
 *
 * <p><b>Threading</b>: from any thread but the loop's, since passwords are hashed on the caller's. <b>Errors</b>: a method
 * throws, or its stage fails with, a {@link RegistryException}, and nothing has changed then.
 */
public final class AccountOperator {

    private static final int USERS_MAX = 10_000;
    private static final int ROLES_PER_USER_MAX = 100;
    private static final int PERMISSIONS_MAX = 10_000;

    /** How often a reset is repeated that came after another change; who makes that one has a hash to compute first. */
    private static final int RESET_AGAIN_MAX = 10;

    private final PersistentLog log;
    private final PersistentStore store;
    private final Passwords passwords;

    /** Makes the operator. */
    public AccountOperator(PersistentLog log, PersistentStore store, Passwords passwords) {
        this.log = log;
        this.store = store;
        this.passwords = passwords;
    }

    /** Returns all accounts. */
    public Accounts accounts() {
        return store.state().accounts();
    }

    /** Creates a user without any role. */
    public CompletionStage<@Nullable Void> create(String name, String password) {
        checkName("username", name);
        checkPassword(password);
        if (accounts().user(name) != null) {
            throw exists(name);
        }
        checkBelow("users", accounts().users().size(), USERS_MAX);
        String hash = passwords.hash(password);
        return log.propose(new PersistentCommand.PutUser(name, hash, "")).thenRun(() -> {
            if (!accounts().passwordHash(name).equals(hash)) {
                throw exists(name);
            }
        });
    }

    /**
     * Changes the password of a user who asks for it, and whose other tokens are void then, too. Refused where another
     * change came first: who asked for this one may not be who they were any more.
     */
    public CompletionStage<@Nullable Void> changePassword(String name, String password) {
        return replace(name, password, 0);
    }

    /** Gives a user another password, whatever they change at the same time; all tokens of that user are void then. */
    public CompletionStage<@Nullable Void> resetPassword(String name, String password) {
        return replace(name, password, RESET_AGAIN_MAX);
    }

    private CompletionStage<@Nullable Void> replace(String name, String password, int again) {
        String before = presentHash(name);
        checkPassword(password);
        return replace(name, passwords.hash(password), before, again);
    }

    private CompletionStage<@Nullable Void> replace(String name, String hash, String before, int again) {
        return log.propose(new PersistentCommand.PutUser(name, hash, before)).thenCompose(done -> {
            String now = presentHash(name);
            if (now.equals(hash)) {
                return CompletableFuture.completedFuture(null);
            }
            if (again == 0) {
                throw new RegistryException(
                        ErrorCode.FORBIDDEN, "password of user " + name + " was changed at the same time");
            }
            return replace(name, hash, now, again - 1);
        });
    }

    private String presentHash(String name) {
        String hash = accounts().passwordHash(name);
        if (hash.isEmpty()) {
            throw invalid("user " + name + " not exist!");
        }
        return hash;
    }

    private static RegistryException exists(String name) {
        return invalid("user '" + name + "' already exist!");
    }

    /** Removes a user, and the permissions of roles that nobody else has; no effect where it is not there. */
    public CompletionStage<@Nullable Void> delete(String name) {
        Account account = accounts().user(name);
        if (account == null) {
            return CompletableFuture.completedFuture(null);
        }
        if (account.isAdministrator()) {
            throw invalid("cannot delete admin: " + name);
        }
        return log.propose(new PersistentCommand.RemoveUser(name));
    }

    /** Gives a user a role. */
    public CompletionStage<@Nullable Void> bind(String role, String name) {
        checkName("role", role);
        if (role.equals(Account.ADMIN_ROLE)) {
            throw invalid("role '" + role + "' is not permitted to create!");
        }
        Account account = accounts().user(name);
        if (account == null) {
            throw invalid("user '" + name + "' not found!");
        }
        if (account.roles().contains(role)) {
            throw invalid("user '" + name + "' already bound to the role '" + role + "'!");
        }
        checkBelow("roles of " + name, account.roles().size(), ROLES_PER_USER_MAX);
        return log.propose(new PersistentCommand.BindRole(role, name));
    }

    /** Takes a role from a user, and its permissions from it where nobody else has it; no effect where the user does not. */
    public CompletionStage<@Nullable Void> unbind(String role, String name) {
        if (role.equals(Account.ADMIN_ROLE)) {
            throw invalid("role '" + role + "' stays with the administrator");
        }
        return log.propose(new PersistentCommand.UnbindRole(role, name));
    }

    /** Gives a role a permission; of all actions that mean the same, one form is kept. */
    public CompletionStage<@Nullable Void> grant(Permission asked) {
        PermissionPattern.of(asked.resource(), asked.action());
        Permission permission = plain(asked);
        checkRole(permission.role());
        checkBelow("permissions", accounts().permissions().size(), PERMISSIONS_MAX);
        return log.propose(new PersistentCommand.Grant(permission)).thenRun(() -> checkRole(permission.role()));
    }

    private void checkRole(String role) {
        if (!accounts().hasRole(role)) {
            throw invalid("role " + role + " not found!");
        }
    }

    /** Takes a permission from a role; no effect where it does not have it. */
    public CompletionStage<@Nullable Void> revoke(Permission permission) {
        return log.propose(new PersistentCommand.Revoke(plain(permission)));
    }

    /** Returns whether a role has exactly this permission, whatever else covers it. */
    public boolean isGranted(Permission permission) {
        return accounts().permissions().contains(plain(permission));
    }

    private static Permission plain(Permission permission) {
        return new Permission(
                permission.role(), permission.resource(), PermissionPattern.plainAction(permission.action()));
    }

    /**
     * Has another key sign.
     *
     * @param othersUntilMillis until when the tokens of keys before it are taken, in milliseconds since 1970
     */
    public CompletionStage<@Nullable Void> rotate(SigningKey key, long othersUntilMillis) {
        return log.propose(new PersistentCommand.RotateKeys(key, othersUntilMillis));
    }

    /** Refuses a password that nobody may have. */
    public static void checkPassword(String password) {
        int bytes = password.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > Passwords.BYTES_MAX) {
            throw invalid("password: " + bytes + " bytes (expected: 1.." + Passwords.BYTES_MAX + ")");
        }
        if (password.equals(Account.ADMINISTRATOR)) {
            throw invalid("password: one that everybody tries first (expected: another one)");
        }
    }

    private static void checkName(String what, String name) {
        boolean odd = name.chars()
                .anyMatch(c -> Character.isISOControl(c) || Character.isWhitespace(c) || c == '"' || c == '\\');
        if (odd || name.length() > Account.NAME_MAX) {
            throw invalid(what + ": " + (odd ? "with a blank, a quote or a backslash" : name.length() + " characters")
                    + " (expected: at most " + Account.NAME_MAX + " characters, none of these)");
        }
    }

    private static void checkBelow(String what, int count, int max) {
        if (count >= max) {
            throw new RegistryException(ErrorCode.OVER_LIMIT, what + ": " + max + " (expected: fewer)");
        }
    }

    private static RegistryException invalid(String text) {
        return new RegistryException(ErrorCode.INVALID_PARAMETER, text);
    }
}
