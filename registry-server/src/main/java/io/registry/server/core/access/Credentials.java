package io.registry.server.core.access;

import org.jspecify.annotations.Nullable;

/**
 * What a call says of who makes it.
 *
 * @param token a token; null where there is none
 * @param user a user name; null where there is none
 * @param password the password that goes with it; null where there is none
 * @param address the address of the other end of the connection
 */
public record Credentials(
        @Nullable String token,
        @Nullable String user,
        @Nullable String password,
        String address) {

    private static final String BEARER = "Bearer ";

    /** Returns the credentials of a call that has a token or nothing. */
    public static Credentials of(@Nullable String token, String address) {
        return new Credentials(token, null, null, address);
    }

    /**
     * Returns the token that a header {@code Authorization} holds (RFC 6750).
     *
     * @return null where it holds none
     */
    public static @Nullable String bearer(@Nullable String header) {
        return header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? header.substring(BEARER.length()).trim()
                : null;
    }

    @Override
    public String toString() {
        return "Credentials[" + user + ", ***, " + address + "]";
    }
}
