package io.registry.client.grpc;

import java.time.Duration;
import java.util.Map;

/**
 * How a client connects.
 *
 * @param portOffset what is added to a server's HTTP port
 * @param requestMax how long a request may take
 * @param idleMax how long nothing may come before the server is asked for a sign of life
 * @param clientIp the address that this client gives as its own
 * @param labels what the client tells of itself when it connects; unmodifiable
 */
public record GrpcConfig(
        int portOffset, Duration requestMax, Duration idleMax, String clientIp, Map<String, String> labels) {}
