package io.registry.api.model;

import java.util.Comparator;

/**
 * The identity of a service: namespace, group and name.
 *
 * <p>Its grouped name, {@code group@@name}, is what the wire formats show. Keys are ordered by namespace, then group,
 * then name, as strings.
 *
 * @param namespace the namespace id; {@value #DEFAULT_NAMESPACE} where a caller names none
 * @param group the group; {@value #DEFAULT_GROUP} where a caller names none
 * @param name the bare name, without group
 */
public record ServiceKey(String namespace, String group, String name) implements Comparable<ServiceKey> {

    /** The namespace of a caller that names none. */
    public static final String DEFAULT_NAMESPACE = "public";

    /** The group of a caller that names none. */
    public static final String DEFAULT_GROUP = "DEFAULT_GROUP";

    /** What stands between group and name in a grouped name. */
    public static final String SEPARATOR = "@@";

    private static final Comparator<ServiceKey> ORDER = Comparator.comparing(ServiceKey::namespace)
            .thenComparing(ServiceKey::group)
            .thenComparing(ServiceKey::name);

    /** Returns {@code group@@name}. */
    public String groupedName() {
        return group + SEPARATOR + name;
    }

    /** Returns {@code namespace@@group@@name}, the form in which fuzzy watches name a service. */
    public String fullName() {
        return namespace + SEPARATOR + group + SEPARATOR + name;
    }

    @Override
    public int compareTo(ServiceKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return fullName();
    }
}
