package io.registry.client.tls;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where certificates are, all as PEM.
 *
 * @param trust the certificates of who signs those of servers; null for those that the JVM trusts
 * @param certificate what this client shows, and those between it and who is trusted; null for nothing
 * @param key its private key, in PKCS #8, not encrypted; null where there is no certificate
 */
public record TlsFiles(
        @Nullable Path trust,
        @Nullable Path certificate,
        @Nullable Path key) {

    /** What the JVM trusts, and nothing to show. */
    public static final TlsFiles DEFAULTS = new TlsFiles(null, null, null);
}
