package io.registry.client.grpc;

import io.registry.client.tls.TlsContexts;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a client connects.
 *
 * @param portOffset what is added to a server's HTTP port
 * @param requestMax how long a request may take
 * @param idleMax how long nothing may come before the server is asked for a sign of life
 * @param clientIp the address that this client gives as its own
 * @param tls what connections are encrypted with; null for none
 * @param labels what the client tells of itself when it connects; unmodifiable
 */
public record GrpcConfig(
        int portOffset,
        Duration requestMax,
        Duration idleMax,
        String clientIp,
        @Nullable TlsContexts tls,
        Map<String, String> labels) {}
