package io.registry.server.boot;

import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.sockets.MemberTls;
import io.registry.server.sockets.PortTls;
import io.registry.server.sockets.SocketTls;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslManagerBundle;

/**
 * Has the ports use what the files hold, also when they hold something else later. What cannot be used changes nothing:
 * the ports keep what they have.
 *
 * <p><b>Threading</b>: {@link #load} once, at the start; then by itself, on the disk's thread.
 */
final class TlsCertificates {

    /** The name under which the HTTP port finds it. */
    static final String BUNDLE = "registry";

    private static final Logger LOG = LoggerFactory.getLogger(TlsCertificates.class);

    private final TlsSettings settings;
    private final TlsFiles files;
    private final DefaultSslBundleRegistry bundles;
    private final @Nullable PortTls grpc;
    private final @Nullable MemberTls cluster;
    private final LongAdder loaded = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /** What the files hold cannot be used, as the log says; empty where it can. */
    private volatile String problem = "";

    private volatile long expiresAtMillis;

    TlsCertificates(TlsSettings settings, DefaultSslBundleRegistry bundles) {
        this.settings = settings;
        this.files = new TlsFiles(settings);
        this.bundles = bundles;
        this.grpc = settings.grpc() == TlsSettings.Port.OFF
                ? null
                : new PortTls(settings.grpc() == TlsSettings.Port.REQUIRED);
        this.cluster = settings.cluster() == TlsSettings.Cluster.OFF
                ? null
                : new MemberTls(
                        settings.cluster() == TlsSettings.Cluster.REQUIRED,
                        settings.cluster() != TlsSettings.Cluster.OPTIONAL);
    }

    /** Loads the files for the first time, if any port speaks TLS; what is wrong with them stops the start. */
    void load() {
        if (!settings.isOn()) {
            return;
        }
        try {
            TlsFiles.Loaded first = files.readChanged();
            if (first != null) {
                bundles.registerBundle(BUNDLE, first.bundle());
                use(first);
            }
        } catch (IOException e) {
            throw new RefusedStart(String.valueOf(e.getMessage()));
        }
    }

    /** Looks at the files again and again from now on. */
    void watch(RegistryLoop loop, Executor disk) {
        if (settings.isOn()) {
            var unused = loop.after(settings.reloadInterval(), () -> {
                disk.execute(this::lookAgain);
                watch(loop, disk);
            });
        }
    }

    private void lookAgain() {
        try {
            TlsFiles.Loaded next = files.readChanged();
            if (next != null) {
                replace(next);
            }
            if (!problem.isEmpty() && files.isUsable()) {
                problem = "";
                LOG.info("TLS: what the files hold can be used again");
            }
        } catch (IOException | RuntimeException e) {
            String now = String.valueOf(e.getMessage());
            failed.increment();
            if (!now.equals(problem)) {
                problem = now;
                LOG.warn("TLS: what the files hold cannot be used, the certificate stays as it is: cause={}", now);
            }
        }
    }

    private void replace(TlsFiles.Loaded next) throws IOException {
        boolean replaced = false;
        try {
            use(next);
            bundles.updateBundle(BUNDLE, next.bundle());
            replaced = true;
        } finally {
            if (!replaced) {
                files.forget();
            }
        }
    }

    private void use(TlsFiles.Loaded next) throws IOException {
        SslManagerBundle managers = next.bundle().getManagers();
        if (grpc != null) {
            grpc.use(managers.getKeyManagerFactory(), settings.clientAuth() ? managers.getTrustManagerFactory() : null);
        }
        if (cluster != null) {
            cluster.use(managers.getKeyManagerFactory(), managers.getTrustManagerFactory());
        }
        X509Certificate own = next.chain().get(0);
        expiresAtMillis = own.getNotAfter().toInstant().toEpochMilli();
        loaded.increment();
        LOG.info(
                "TLS: certificate in use: subject={} serial={} until={}",
                own.getSubjectX500Principal(),
                own.getSerialNumber().toString(16),
                Instant.ofEpochMilli(expiresAtMillis));
    }

    /** Returns the TLS of the port for SDKs; null where it has none. */
    @Nullable
    PortTls grpc() {
        return grpc;
    }

    /** Returns how members speak TLS with each other; null where they do not. */
    @Nullable
    MemberTls cluster() {
        return cluster;
    }

    /** Returns how they do over the Raft port; null where they do not. */
    @Nullable
    SocketTls raft() {
        return cluster == null ? null : cluster.raft();
    }

    /** Returns when the certificate ends, in milliseconds since 1970; 0 where there is none. */
    long expiresAtMillis() {
        return expiresAtMillis;
    }

    /** Returns how often a certificate was taken into use. */
    LongAdder loaded() {
        return loaded;
    }

    /** Returns whether the files hold something that cannot be used, while the ports keep what they have. */
    boolean isFailing() {
        return !problem.isEmpty();
    }

    /** Returns how often a look at the files failed. */
    LongAdder failed() {
        return failed;
    }
}
