package io.registry.server.boot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which ports speak TLS, and with what.
 *
 * @param http whether the HTTP port does
 * @param grpc whether the port for SDKs does
 * @param cluster whether the cluster port and the Raft port do, and calls to those of other members
 * @param certificate the certificate and those between it and who is trusted, as PEM; null where no port speaks TLS
 * @param privateKey its private key, as PEM; likewise
 * @param privateKeyPassword what the key is encrypted with; null where it is not
 * @param trustCertificate the certificates of who signs those of clients, and of members, as PEM; null where
 *     neither need one
 * @param clientAuth whether clients need one
 * @param reloadInterval the pause between two looks at the files
 */
record TlsSettings(
        boolean http,
        Port grpc,
        Cluster cluster,
        @Nullable Path certificate,
        @Nullable Path privateKey,
        @Nullable String privateKeyPassword,
        @Nullable Path trustCertificate,
        boolean clientAuth,
        Duration reloadInterval) {

    static final String CLUSTER = "registry.tls.cluster";
    static final String CERTIFICATE = "registry.tls.certificate";
    static final String PRIVATE_KEY = "registry.tls.private-key";
    static final String TRUST_CERTIFICATE = "registry.tls.trust-certificate";

    /** What a port speaks. */
    enum Port {
        OFF,
        /** With and without TLS, as each client likes. */
        OPTIONAL,
        REQUIRED
    }

    /** What members speak, in the order in which a running cluster is changed over. */
    enum Cluster {
        OFF,
        /** Called with and without TLS, calls without. */
        OPTIONAL,
        /** Called with and without TLS, calls with. */
        PREFERRED,
        REQUIRED
    }

    /** Leaves out the password. */
    @Override
    public String toString() {
        return "http=" + http + " grpc=" + grpc + " cluster=" + cluster + " certificate=" + certificate
                + " trustCertificate=" + trustCertificate;
    }

    boolean isOn() {
        return http || grpc != Port.OFF || cluster != Cluster.OFF;
    }

    static TlsSettings read(Settings settings) {
        boolean http = settings.choice("registry.tls.http", "off", List.of("off", "required"))
                .equals("required");
        Port grpc = switch (settings.choice("registry.tls.grpc", "off", List.of("off", "optional", "required"))) {
            case "optional" -> Port.OPTIONAL;
            case "required" -> Port.REQUIRED;
            default -> Port.OFF;
        };
        Cluster cluster =
                Cluster.valueOf(settings.choice(CLUSTER, "off", List.of("off", "optional", "preferred", "required"))
                        .toUpperCase(Locale.ROOT));
        Path certificate = file(settings, CERTIFICATE);
        Path key = file(settings, PRIVATE_KEY);
        String password = settings.text("registry.tls.private-key-password", "");
        Path trust = file(settings, TRUST_CERTIFICATE);
        boolean needed = settings.choice("registry.tls.client-auth", "none", List.of("none", "need"))
                .equals("need");
        Duration reload = settings.time(
                "registry.tls.reload-interval", Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofHours(1));
        if (http || grpc != Port.OFF || cluster != Cluster.OFF) {
            if (certificate == null) {
                throw settings.refusal(CERTIFICATE, "not set", "a file, where a port speaks TLS");
            }
            if (key == null) {
                throw settings.refusal(PRIVATE_KEY, "not set", "a file, where a port speaks TLS");
            }
        }
        if (trust == null && (needed || cluster != Cluster.OFF)) {
            String with = needed ? "registry.tls.client-auth=need" : CLUSTER;
            throw settings.refusal(TRUST_CERTIFICATE, "not set", "a file, with " + with);
        }
        // It would ask for nothing, which is not what whoever set it believes.
        if (trust != null && !needed && cluster == Cluster.OFF) {
            throw settings.refusal("registry.tls.client-auth", "none", "need, with " + TRUST_CERTIFICATE);
        }
        return new TlsSettings(
                http, grpc, cluster, certificate, key, password.isEmpty() ? null : password, trust, needed, reload);
    }

    private static @Nullable Path file(Settings settings, String name) {
        return settings.text(name, "").isEmpty() ? null : settings.directory(name, "");
    }
}
