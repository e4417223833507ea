package io.registry.server.core.account;

import java.util.List;

/**
 * A user.
 *
 * @param name the name to log in with
 * @param passwordHash a slow hash of the password, with its salt; another one after each change, even to the same password
 * @param roles the roles that the user has, in their order
 */
public record Account(String name, String passwordHash, List<String> roles) {

    /** The administrator, who is always there. */
    public static final String ADMINISTRATOR = "nacos";

    /** The role of the administrator, which is given to nobody else. */
    public static final String ADMIN_ROLE = "ROLE_ADMIN";

    /** The longest name, in UTF-16 units. */
    public static final int NAME_MAX = 64;

    /** Keeps the list as it is now. */
    public Account {
        roles = List.copyOf(roles);
    }

    /** Returns whether the user may do everything. */
    public boolean isAdministrator() {
        return roles.contains(ADMIN_ROLE);
    }

    /** Returns this with another hash. */
    Account withPasswordHash(String newHash) {
        return new Account(name, newHash, roles);
    }

    /** Returns this with other roles. */
    Account withRoles(List<String> newRoles) {
        return new Account(name, passwordHash, newRoles);
    }

    @Override
    public String toString() {
        return "Account[" + name + ", ***, " + roles + "]";
    }
}
