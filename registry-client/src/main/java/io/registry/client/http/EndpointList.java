package io.registry.client.http;

import io.registry.client.runtime.ClientRuntime;
import io.registry.client.server.ServerAddress;
import io.registry.client.server.ServerList;
import io.registry.client.tls.TlsContexts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A list of servers that an address server gives, one {@code ip[:port]} a line, looked at every 30 s; every second until
 * it is there for the first time. An empty list, or none, leaves the last one as it is.
 *
 * <p><b>Threading</b>: for the client loop.
 */
public final class EndpointList {

    private static final Logger log = LoggerFactory.getLogger(EndpointList.class);
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration MAX = Duration.ofSeconds(3);

    private final ClientRuntime runtime;
    private final String url;
    private final ServerList servers;
    private final Runnable changed;
    private final @Nullable TlsContexts tls;
    private boolean closed;

    /**
     * Makes a list.
     *
     * @param url where the list is
     * @param servers takes the list
     * @param changed is told when the list differs
     * @param tls what an address with {@code https} is met with; null for what the JVM has
     */
    public EndpointList(
            ClientRuntime runtime, String url, ServerList servers, Runnable changed, @Nullable TlsContexts tls) {
        this.runtime = runtime;
        this.url = url;
        this.servers = servers;
        this.changed = changed;
        this.tls = tls;
    }

    /** Begins to look, until {@link #close}. */
    public void start() {
        if (closed) {
            return;
        }
        runtime.blocking().execute(() -> {
            try {
                HttpCaller.Answer answer = HttpCaller.exchange("GET", url, null, MAX, tls);
                if (!answer.succeeded()) {
                    throw new IOException("status " + answer.status());
                }
                List<ServerAddress> found = new String(answer.body(), StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> !line.isBlank())
                        .map(ServerAddress::parse)
                        .toList();
                runtime.loop().execute(() -> take(found));
            } catch (IOException | IllegalArgumentException e) {
                log.warn("no list of servers: endpoint={} cause={}", url, e.toString());
            }
            runtime.loop().execute(() -> runtime.loop().after(servers.all().isEmpty() ? RETRY : INTERVAL, this::start));
        });
    }

    /** Ends that. */
    public void close() {
        closed = true;
    }

    private void take(List<ServerAddress> found) {
        if (!closed && !found.isEmpty() && servers.replace(found)) {
            log.info("list of servers: endpoint={} servers={}", url, found);
            changed.run();
        }
    }
}
