package io.registry.server.core.access;

import io.registry.api.error.RegistryException;
import io.registry.server.core.account.Account;
import io.registry.server.core.account.Accounts;
import io.registry.server.core.account.Permission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What one user may do, gathered from all their roles. */
record Rights(boolean administrator, List<PermissionPattern> permissions) {

    /** What someone may do whom nobody knows. */
    static final Rights NONE = new Rights(false, List.of());

    /** Gathers the rights of a user. */
    static Rights of(Accounts accounts, String name) {
        Account account = accounts.user(name);
        if (account == null) {
            return NONE;
        }
        List<PermissionPattern> patterns = new ArrayList<>();
        for (Permission permission : accounts.permissions()) {
            if (account.roles().contains(permission.role())) {
                understood(permission).ifPresent(patterns::add);
            }
        }
        return new Rights(account.isAdministrator(), patterns);
    }

    /** From a newer server or an older backup: what is not understood allows nothing. */
    private static Optional<PermissionPattern> understood(Permission permission) {
        try {
            return Optional.of(PermissionPattern.of(permission.resource(), permission.action()));
        } catch (RegistryException e) {
            return Optional.empty();
        }
    }

    /** Returns whether the user may do something. */
    boolean allow(Verb verb, Resource resource) {
        if (administrator) {
            return true;
        }
        for (PermissionPattern pattern : permissions) {
            if (pattern.allows(verb, resource)) {
                return true;
            }
        }
        return false;
    }
}
