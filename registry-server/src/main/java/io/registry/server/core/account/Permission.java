package io.registry.server.core.account;

import java.util.Comparator;

/**
 * What a role may do, in the words in which it was given.
 *
 * @param role the role
 * @param resource where, as {@code namespace:group:naming/service}, {@code *} standing for any text
 * @param action what: {@code r}, {@code w}, {@code rw}, or the names of verbs with commas between them
 */
public record Permission(String role, String resource, String action) implements Comparable<Permission> {

    private static final Comparator<Permission> ORDER = Comparator.comparing(Permission::role)
            .thenComparing(Permission::resource)
            .thenComparing(Permission::action);

    @Override
    public int compareTo(Permission other) {
        return ORDER.compare(this, other);
    }
}
