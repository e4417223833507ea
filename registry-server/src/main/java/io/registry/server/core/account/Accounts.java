package io.registry.server.core.account;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * All users, permissions and keys, as one immutable value. A change gives another one; what a change speaks of and is not
 * there makes no difference, so that repeating it does no harm. A role is there while somebody has it, and its permissions go
 * with it, so that a later role of the same name begins with none.
 *
 * @param users by name
 * @param permissions of all roles, in their order
 * @param keys by id
 */
public record Accounts(
        TreePMap<String, Account> users, TreePSet<Permission> permissions, TreePMap<String, SigningKey> keys) {

    /** Nobody is known. */
    public static final Accounts NONE = new Accounts(TreePMap.empty(), TreePSet.empty(), TreePMap.empty());

    /** Returns a user, or null. */
    public @Nullable Account user(String name) {
        return users.get(name);
    }

    /** Returns the hash of a user's password; empty where the user is not there. */
    public String passwordHash(String name) {
        Account user = users.get(name);
        return user == null ? "" : user.passwordHash();
    }

    /** Returns whether someone has a role. */
    public boolean hasRole(String role) {
        return users.values().stream().anyMatch(user -> user.roles().contains(role));
    }

    /** Returns the key that signs, or null where there is none. */
    public @Nullable SigningKey newestKey() {
        SigningKey newest = null;
        for (SigningKey key : keys.values()) {
            if (key.validUntilMillis() == 0 && (newest == null || key.createdAtMillis() > newest.createdAtMillis())) {
                newest = key;
            }
        }
        return newest;
    }

    /** Returns this with a first administrator and a first key; itself where there is a key already. */
    public Accounts founded(String administrator, String passwordHash, SigningKey key) {
        if (!keys.isEmpty()) {
            return this;
        }
        Accounts withAdministrator =
                withPassword(administrator, passwordHash).withRole(Account.ADMIN_ROLE, administrator);
        return new Accounts(withAdministrator.users, withAdministrator.permissions, TreePMap.singleton(key.id(), key));
    }

    /** Returns this with a user, or with another password of one that is there. */
    public Accounts withPassword(String name, String passwordHash) {
        Account before = users.get(name);
        return withUser(
                before == null ? new Account(name, passwordHash, List.of()) : before.withPasswordHash(passwordHash));
    }

    /** Returns this without a user. */
    public Accounts without(String name) {
        Account user = users.get(name);
        return user == null ? this : new Accounts(users.minus(name), permissions, keys).withoutUnheld(user.roles());
    }

    /** Returns this with a role of a user who is there. */
    public Accounts withRole(String role, String name) {
        Account user = users.get(name);
        if (user == null || user.roles().contains(role)) {
            return this;
        }
        TreeSet<String> roles = new TreeSet<>(user.roles());
        roles.add(role);
        return withUser(user.withRoles(new ArrayList<>(roles)));
    }

    /** Returns this without a role of a user. */
    public Accounts withoutRole(String role, String name) {
        Account user = users.get(name);
        return user == null || !user.roles().contains(role)
                ? this
                : withUser(user.withRoles(user.roles().stream()
                                .filter(each -> !each.equals(role))
                                .toList()))
                        .withoutUnheld(List.of(role));
    }

    private Accounts withoutUnheld(List<String> roles) {
        TreeSet<String> unheld = new TreeSet<>(roles);
        users.values().forEach(user -> user.roles().forEach(unheld::remove));
        TreePSet<Permission> left = permissions;
        for (Permission each : permissions) {
            if (unheld.contains(each.role())) {
                left = left.minus(each);
            }
        }
        return new Accounts(users, left, keys);
    }

    /** Returns this with a permission; itself where nobody has the role. */
    public Accounts with(Permission permission) {
        return hasRole(permission.role()) ? new Accounts(users, permissions.plus(permission), keys) : this;
    }

    /** Returns this without a permission. */
    public Accounts without(Permission permission) {
        return new Accounts(users, permissions.minus(permission), keys);
    }

    /** Returns this without the keys that sign tokens. */
    public Accounts withoutKeys() {
        return new Accounts(users, permissions, TreePMap.empty());
    }

    /** Returns this with a key that signs from now on; those before it end, and those that have ended are forgotten. */
    public Accounts rotated(SigningKey key, long othersUntilMillis) {
        TreePMap<String, SigningKey> rotated = TreePMap.singleton(key.id(), key);
        for (SigningKey each : keys.values()) {
            SigningKey ending = each.until(othersUntilMillis);
            if (!each.id().equals(key.id()) && ending.isValidAt(key.createdAtMillis())) {
                rotated = rotated.plus(each.id(), ending);
            }
        }
        return new Accounts(users, permissions, rotated);
    }

    private Accounts withUser(Account user) {
        return new Accounts(users.plus(user.name(), user), permissions, keys);
    }
}
