package io.registry.client;

import io.registry.api.check.Names;
import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.client.server.ServerAddress;
import io.registry.client.tls.TlsFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a client is set up. Clients of a process with equal options share one connection.
 *
 * @param servers the servers; empty where an endpoint gives them
 * @param endpoint the address of a list of servers; empty where the servers are given
 * @param namespace the namespace id
 * @param username who logs in; empty for nobody
 * @param password the password of that user
 * @param contextPath what stands before every HTTP path, with its slash; may be empty
 * @param transport how to talk to the servers
 * @param grpcPortOffset what is added to a server's HTTP port
 * @param requestTimeout how long a request may take, at least 100 ms
 * @param redoInterval how often is made good what went wrong, at least 100 ms
 * @param singleServerAttempts how often an HTTP call is tried where there is one server only, at least 1
 * @param loadCacheAtStart whether to begin with what the last run knew
 * @param pushEmptyProtection whether lists without a usable instance are not believed
 * @param cacheDirectory where files are kept; each namespace has a directory of its own in it
 * @param appName what the server is told about the application
 * @param clientIp what the server is told is the address of this client
 * @param tls what is encrypted with; null for no encryption but that of addresses with {@code https}
 */
record ClientOptions(
        List<ServerAddress> servers,
        String endpoint,
        String namespace,
        String username,
        String password,
        String contextPath,
        Transport transport,
        int grpcPortOffset,
        Duration requestTimeout,
        Duration redoInterval,
        int singleServerAttempts,
        boolean loadCacheAtStart,
        boolean pushEmptyProtection,
        Path cacheDirectory,
        String appName,
        String clientIp,
        @Nullable TlsFiles tls) {

    private static final Duration SHORTEST = Duration.ofMillis(100);

    ClientOptions {
        servers = List.copyOf(servers);
        if (servers.isEmpty() && endpoint.isEmpty()) {
            throw invalid("serverAddr", "nothing", "host:port, several with commas between, or an endpoint");
        }
        String malformed = Names.formatNamespace(namespace);
        if (malformed != null) {
            throw new RegistryException(ErrorCode.INVALID_PARAMETER, malformed);
        }
        if (requestTimeout.compareTo(SHORTEST) < 0) {
            throw invalid("requestTimeout", requestTimeout.toMillis() + " ms", "at least 100 ms");
        }
        if (redoInterval.compareTo(SHORTEST) < 0) {
            throw invalid("redoInterval", redoInterval.toMillis() + " ms", "at least 100 ms");
        }
        if (singleServerAttempts < 1) {
            throw invalid("namingRequestDomainRetryCount", Integer.toString(singleServerAttempts), "at least 1");
        }
    }

    /** Leaves out the password. */
    @Override
    public String toString() {
        return "servers=" + servers + " endpoint=" + endpoint + " namespace=" + namespace + " user=" + username
                + " transport=" + transport;
    }

    static RegistryException invalid(String name, String value, String expected) {
        return new RegistryException(
                ErrorCode.INVALID_PARAMETER, name + ": " + value + " (expected: " + expected + ")");
    }
}
