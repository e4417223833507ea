package io.registry.client;

import io.registry.api.NamingService;
import io.registry.api.model.ServiceKey;
import io.registry.client.server.ServerAddress;
import io.registry.client.tls.TlsFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link NamingService}, option by option.
 *
 * <pre>{@code
 * try (NamingService naming = RegistryClient.builder().serverAddr("10.0.0.1:8848,10.0.0.2:8848").build()) {
 *     naming.registerInstance("orders", "10.0.0.5", 8080);
 * }
 * }</pre>
 *
 * <p><b>Threading</b>: a builder is for one thread.
 */
public final class RegistryClient {

    private List<ServerAddress> servers = List.of();
    private String endpoint = "";
    private String namespace = ServiceKey.DEFAULT_NAMESPACE;
    private String username = "";
    private String password = "";
    private String contextPath = "/nacos";
    private Transport transport = Transport.GRPC;
    private int grpcPortOffset = 1000;
    private Duration requestTimeout = Duration.ofSeconds(3);
    private Duration redoInterval = Duration.ofSeconds(3);
    private int singleServerAttempts = 3;
    private boolean loadCacheAtStart;
    private boolean pushEmptyProtection;
    private Path cacheDirectory = Path.of(System.getProperty("user.home", "."), "registry", "naming");
    private String appName = "unknown";
    private String clientIp = "";
    private boolean tls;
    private @Nullable Path tlsTrust;
    private @Nullable Path tlsCertificate;
    private @Nullable Path tlsKey;

    private RegistryClient() {}

    /** Begins with the defaults. */
    public static RegistryClient builder() {
        return new RegistryClient();
    }

    /**
     * Names the servers.
     *
     * @param addresses {@code host:port}, or {@code host} for port 8848, several with commas between them
     */
    public RegistryClient serverAddr(String addresses) {
        List<ServerAddress> parsed = new ArrayList<>();
        for (String each : addresses.split("[,;]", -1)) {
            if (!each.isBlank()) {
                try {
                    parsed.add(ServerAddress.parse(each));
                } catch (IllegalArgumentException e) {
                    throw ClientOptions.invalid("serverAddr", each, "host or host:port, port 1..65535");
                }
            }
        }
        servers = List.copyOf(parsed);
        return this;
    }

    /** Names where the list of servers is to be had, as {@code http://host:port/path}. Used where no servers are named. */
    public RegistryClient endpoint(String url) {
        endpoint = url;
        return this;
    }

    /** Sets the namespace; empty for the default one. */
    public RegistryClient namespace(String id) {
        namespace = id.isBlank() ? ServiceKey.DEFAULT_NAMESPACE : id.strip();
        return this;
    }

    /** Has the client log in. */
    public RegistryClient credentials(String user, String secret) {
        username = user;
        password = secret;
        return this;
    }

    /** Sets what stands before every HTTP path; {@code /nacos} by default. */
    public RegistryClient contextPath(String path) {
        String bare = path.strip().replaceAll("^/+|/+$", "");
        contextPath = bare.isEmpty() ? "" : "/" + bare;
        return this;
    }

    /** Sets how to talk to the servers; {@link Transport#GRPC} by default. */
    public RegistryClient transport(Transport value) {
        transport = value;
        return this;
    }

    /** Sets what is added to a server's HTTP port; 1000 by default. */
    public RegistryClient grpcPortOffset(int value) {
        grpcPortOffset = value;
        return this;
    }

    /** Sets how long a request may take, at least 100 ms; 3 s by default. */
    public RegistryClient requestTimeout(Duration value) {
        requestTimeout = value;
        return this;
    }

    /** Sets how often is made good what went wrong, at least 100 ms; every 3 s by default. */
    public RegistryClient redoInterval(Duration value) {
        redoInterval = value;
        return this;
    }

    /** Sets how often an HTTP call is tried where there is one server only, at least 1; 3 by default. */
    public RegistryClient singleServerAttempts(int value) {
        singleServerAttempts = value;
        return this;
    }

    /** Says whether to begin with what the last run of the process knew; not by default. */
    public RegistryClient loadCacheAtStart(boolean value) {
        loadCacheAtStart = value;
        return this;
    }

    /** Says whether lists without a usable instance are not believed; they are by default. */
    public RegistryClient pushEmptyProtection(boolean value) {
        pushEmptyProtection = value;
        return this;
    }

    /** Sets where files are kept; {@code registry/naming} in the user's home by default. */
    public RegistryClient cacheDirectory(Path value) {
        cacheDirectory = value;
        return this;
    }

    /**
     * Says whether connections over gRPC are encrypted; not by default. Calls over HTTP are where an address begins with
     * {@code https://}.
     */
    public RegistryClient tls(boolean value) {
        tls = value;
        return this;
    }

    /** Sets whom servers have to be certified by, a file of PEM; whom the JVM trusts by default. Implies {@link #tls}. */
    public RegistryClient tlsTrust(Path certificates) {
        tls = true;
        tlsTrust = certificates;
        return this;
    }

    /**
     * Sets what this client shows to servers that ask for a certificate; nothing by default. Implies {@link #tls}.
     *
     * @param certificate the certificate and those between it and who is trusted, a file of PEM
     * @param key its private key, a file of PEM in PKCS #8, not encrypted
     */
    public RegistryClient tlsCertificate(Path certificate, Path key) {
        tls = true;
        tlsCertificate = certificate;
        tlsKey = key;
        return this;
    }

    /** Sets what the server is told about the application. */
    public RegistryClient appName(String value) {
        appName = value.isBlank() ? "unknown" : value;
        return this;
    }

    /** Sets what the server is told is the address of this client; found out by default. Only shown, never used. */
    public RegistryClient clientIp(String value) {
        clientIp = value;
        return this;
    }

    /**
     * Makes the service. Returns without waiting for a server: what is asked before one is connected waits for it.
     *
     * @throws io.registry.api.error.RegistryException with {@code INVALID_PARAMETER} where an option is out of its bounds
     */
    public NamingService build() {
        return DefaultNamingService.open(options());
    }

    ClientOptions options() {
        return new ClientOptions(
                servers,
                servers.isEmpty() ? endpoint : "",
                namespace,
                username,
                password,
                contextPath,
                transport,
                grpcPortOffset,
                requestTimeout,
                redoInterval,
                singleServerAttempts,
                loadCacheAtStart,
                pushEmptyProtection,
                cacheDirectory,
                appName,
                clientIp.isEmpty() ? LocalAddress.find() : clientIp,
                tlsFiles());
    }

    private @Nullable TlsFiles tlsFiles() {
        return tls ? new TlsFiles(tlsTrust, tlsCertificate, tlsKey) : null;
    }
}
