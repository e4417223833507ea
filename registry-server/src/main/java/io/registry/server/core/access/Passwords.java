package io.registry.server.core.access;

/**
 * The port to a slow hash of passwords.
 *
 * <p><b>Threading</b>: from any thread but the loop's; a call takes some tenths of a second of computing time, and few run
 * at once. <b>Errors</b>: {@code RegistryException} with {@code OVERLOADED} where too many wait.
 */
public interface Passwords {

    /** The longest password, in bytes of UTF-8. */
    int BYTES_MAX = 72;

    /** Returns the hash of a password, with a new salt. */
    String hash(String password);

    /** Returns whether a password has a hash. */
    boolean matches(String password, String hash);
}
