package io.registry.server.core.access;

import org.jspecify.annotations.Nullable;

/**
 * The port to whoever knows callers by what they say.
 *
 * <p><b>Threading</b>: from any thread. A token is checked at once; a password may take some tenths of a second, so it
 * is not to be given on a thread of the loop.
 */
@FunctionalInterface
public interface Authenticator {

    /**
     * Finds out who calls.
     *
     * @throws io.registry.api.error.RegistryException {@code OVER_LIMIT} where too many passwords were wrong, {@code
     *     OVERLOADED} where too many are being checked
     */
    Identity identify(Credentials credentials);

    /**
     * Who calls.
     *
     * @param principal who it is; {@link Principal#ANONYMOUS} where that is not known
     * @param problem why it is not known, as callers are told; null where it is
     */
    record Identity(Principal principal, @Nullable String problem) {

        /** Returns the identity of a user. */
        public static Identity of(Principal principal) {
            return new Identity(principal, null);
        }

        /** Returns the identity of someone who could not be made out. */
        public static Identity unknown(String problem) {
            return new Identity(Principal.ANONYMOUS, problem);
        }
    }
}
