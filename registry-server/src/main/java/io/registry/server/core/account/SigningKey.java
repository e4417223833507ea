package io.registry.server.core.account;

/**
 * A key that signs tokens.
 *
 * @param id its name, which tokens bear
 * @param secret the key in Base64
 * @param createdAtMillis when it was made, in milliseconds since 1970; the newest one signs
 * @param validUntilMillis until when its tokens are taken, in milliseconds since 1970; 0 where that has no end
 */
public record SigningKey(String id, String secret, long createdAtMillis, long validUntilMillis) {

    /** Returns whether its tokens are taken at a time. */
    public boolean isValidAt(long millis) {
        return validUntilMillis == 0 || millis < validUntilMillis;
    }

    /** Returns this with an end; one that ends sooner already stays as it is. */
    SigningKey until(long millis) {
        return validUntilMillis != 0 && validUntilMillis <= millis
                ? this
                : new SigningKey(id, secret, createdAtMillis, millis);
    }

    @Override
    public String toString() {
        return "SigningKey[" + id + ", ***, " + createdAtMillis + ", " + validUntilMillis + "]";
    }
}
