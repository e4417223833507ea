package io.registry.server.http;

import io.registry.server.core.access.Credentials;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Reads a name and a password from a header, as browsers, curl and Prometheus send them (RFC 7617). */
final class BasicLogin {

    private static final String BASIC = "Basic ";

    private BasicLogin() {}

    /** Returns what the header {@code Authorization} says; null where it is not of this kind, or malformed. */
    static @Nullable Credentials read(String header, String address) {
        if (!header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return null;
        }
        try {
            byte[] bytes =
                    Base64.getDecoder().decode(header.substring(BASIC.length()).trim());
            String said = new String(bytes, StandardCharsets.UTF_8);
            int colon = said.indexOf(':');
            return colon < 0
                    ? null
                    : new Credentials(null, said.substring(0, colon), said.substring(colon + 1), address);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
