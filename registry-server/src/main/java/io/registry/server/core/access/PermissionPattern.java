package io.registry.server.core.access;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.ServiceKey;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A permission as it is compared with calls. The parts of a resource are compared one by one, so that no part of a name can
 * stand for another: {@code namespace:group:naming/service}, with {@code *} for any text in each. The namespace {@code
 * public} may be written as nothing; a part that is left out after {@code *} is {@code *}; and of what is not {@code
 * naming}, which others keep in the same lists, nothing follows.
 */
final class PermissionPattern {

    private static final String NAMING = "naming/";
    private static final String FORM =
            " (expected: namespace:group:naming/service, where * stands for any text, at most 512 characters)";
    private static final int LENGTH_MAX = 512;

    /** Some more than all names of verbs with blanks after the commas. */
    private static final int ACTION_MAX = 64;

    private static final Set<Verb> READ = Set.of(Verb.DISCOVER);
    private static final Set<Verb> WRITE = Set.of(Verb.REGISTER, Verb.OPERATE);
    private static final Set<Verb> ALL = Set.of(Verb.values());

    private final String namespace;
    private final String group;
    private final String service;
    private final boolean naming;
    private final Set<Verb> verbs;

    private PermissionPattern(String namespace, String group, String service, boolean naming, Set<Verb> verbs) {
        this.namespace = namespace;
        this.group = group;
        this.service = service;
        this.naming = naming;
        this.verbs = verbs;
    }

    /**
     * Reads a permission.
     *
     * @throws RegistryException {@code INVALID_PARAMETER} where it is malformed
     */
    static PermissionPattern of(String resource, String action) {
        Set<Verb> verbs = verbs(action);
        int first = resource.indexOf(':');
        if (resource.length() > LENGTH_MAX || first < 0 && !resource.equals(Resource.ALL)) {
            throw new RegistryException(
                    ErrorCode.INVALID_PARAMETER,
                    "resource: " + (resource.length() > LENGTH_MAX ? resource.length() + " characters" : resource)
                            + FORM);
        }
        if (first < 0) {
            return new PermissionPattern(Resource.ALL, Resource.ALL, Resource.ALL, true, verbs);
        }
        String namespace = first == 0 ? ServiceKey.DEFAULT_NAMESPACE : resource.substring(0, first);
        String rest = resource.substring(first + 1);
        if (rest.equals(Resource.ALL)) {
            return new PermissionPattern(namespace, Resource.ALL, Resource.ALL, true, verbs);
        }
        // A group has no slash in it, so that this is where it ends, whatever colons it has.
        int slash = rest.indexOf('/');
        int colon = slash < 0 ? rest.lastIndexOf(':') : rest.lastIndexOf(':', slash);
        if (colon < 0) {
            throw new RegistryException(ErrorCode.INVALID_PARAMETER, "resource: " + resource + FORM);
        }
        String group = rest.substring(0, colon);
        String service = rest.substring(colon + 1);
        boolean typed = slash > colon;
        boolean naming = !typed || service.startsWith(NAMING) || service.startsWith("*/");
        return new PermissionPattern(
                namespace, group, typed ? service.substring(slash - colon) : service, naming, verbs);
    }

    /**
     * Returns the one form of an action among all that mean the same: {@code r}, {@code w} or {@code rw} where that says it,
     * else the names of the verbs.
     *
     * @throws RegistryException {@code INVALID_PARAMETER} where it is malformed
     */
    static String plainAction(String action) {
        Set<Verb> verbs = verbs(action);
        if (verbs.equals(READ)) {
            return "r";
        }
        if (verbs.equals(WRITE)) {
            return "w";
        }
        return verbs.equals(ALL)
                ? "rw"
                : verbs.stream()
                        .map(verb -> verb.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(","));
    }

    private static Set<Verb> verbs(String action) {
        Set<Verb> verbs = EnumSet.noneOf(Verb.class);
        if (action.length() > ACTION_MAX) {
            throw malformed(action.length() + " characters");
        }
        for (String word : action.split(",", -1)) {
            switch (word.trim()) {
                case "r" -> verbs.addAll(READ);
                case "w" -> verbs.addAll(WRITE);
                case "rw" -> verbs.addAll(ALL);
                case "register" -> verbs.add(Verb.REGISTER);
                case "discover" -> verbs.add(Verb.DISCOVER);
                case "operate" -> verbs.add(Verb.OPERATE);
                default -> throw malformed(action);
            }
        }
        return verbs;
    }

    private static RegistryException malformed(String action) {
        return new RegistryException(
                ErrorCode.INVALID_PARAMETER,
                "action: " + action
                        + " (expected: r, w, rw, or register, discover, operate with commas between them, at most "
                        + ACTION_MAX + " characters)");
    }

    /** Returns whether a call is allowed by this. */
    boolean allows(Verb verb, Resource resource) {
        return naming
                && verbs.contains(verb)
                && Glob.fits(namespace, resource.namespace())
                && Glob.fits(group, resource.group())
                && Glob.fits(service, resource.service());
    }
}
