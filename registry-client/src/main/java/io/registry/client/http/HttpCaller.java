package io.registry.client.http;

import io.registry.client.grpc.ClientVersion;
import io.registry.client.runtime.ClientCounters;
import io.registry.client.runtime.ClientRuntime;
import io.registry.client.server.ServerAddress;
import io.registry.client.server.ServerList;
import io.registry.client.tls.TlsContexts;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.Nullable;

/**
 * Calls the servers over HTTP, one call after the other: first the server that answered last, then the others in turn,
 * or the only one again up to a bound. A server that answers, whatever it says, is not left, unless it says that it does
 * not serve (status 502 to 504).
 *
 * <p>The JDK's own client is used for its lack of threads. Connections are not kept, because what keeps them is a thread
 * of its own.
 *
 * <p><b>Threading</b>: any thread may call; results arrive on the client loop.
 */
public final class HttpCaller {

    /** A body this long is an error of somebody's. */
    private static final int BODY_BYTES_MAX = 32 << 20;

    /**
     * An answer.
     *
     * @param status the HTTP status
     * @param body the body, not to be written to
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on once, and compared by nobody
    public record Answer(int status, byte[] body) {

        /** Returns whether the server did what was asked. */
        public boolean succeeded() {
            return status == HttpURLConnection.HTTP_OK;
        }

        /** Returns the body as text, of a bounded length. */
        public String text() {
            return new String(body, 0, Math.min(body.length, 2000), StandardCharsets.UTF_8);
        }
    }

    private final ClientRuntime runtime;
    private final ServerList servers;
    private final ServerList.Walk walk;
    private final Duration max;
    private final int singleServerAttempts;
    private final ClientCounters counters;
    private final @Nullable TlsContexts tls;

    /**
     * Makes a caller.
     *
     * @param max how long one attempt may take to connect, and to answer
     * @param singleServerAttempts how often the only server of a list is tried
     * @param tls what servers with {@code https} are met with; null for what the JVM has
     */
    public HttpCaller(
            ClientRuntime runtime,
            ServerList servers,
            Duration max,
            int singleServerAttempts,
            ClientCounters counters,
            @Nullable TlsContexts tls) {
        this.runtime = runtime;
        this.servers = servers;
        this.walk = servers.walk();
        this.max = max;
        this.singleServerAttempts = Math.max(1, singleServerAttempts);
        this.counters = counters;
        this.tls = tls;
    }

    /**
     * Calls a server.
     *
     * @param method {@code GET}, {@code POST}, {@code PUT} or {@code DELETE}
     * @param path with the context path, before the query
     * @param query goes into the address
     * @param form goes into the body; null for no body
     * @return the answer, of whatever status; an {@link IOException} where no server answered
     */
    public CompletableFuture<Answer> call(
            String method, String path, Map<String, String> query, @Nullable Map<String, String> form) {
        CompletableFuture<Answer> result = new CompletableFuture<>();
        runtime.blocking().execute(() -> {
            try {
                Answer answer = callInTurn(method, path + question(query), form);
                runtime.loop().execute(() -> result.complete(answer));
            } catch (IOException | RuntimeException e) {
                runtime.loop().execute(() -> result.completeExceptionally(e));
            }
        });
        return result;
    }

    /** Returns the server that answered last, or would be tried first; null where there is none. */
    public @Nullable ServerAddress server() {
        return walk.current();
    }

    private Answer callInTurn(String method, String pathAndQuery, @Nullable Map<String, String> form)
            throws IOException {
        int size = servers.all().size();
        int attempts = size == 1 ? singleServerAttempts : size;
        IOException last = new IOException("no server is known");
        for (int i = 0; i < attempts; i++) {
            ServerAddress server = walk.current();
            if (server == null) {
                break;
            }
            long startNanos = System.nanoTime();
            try {
                Answer answer = callOne(method, server.url() + pathAndQuery, form);
                counters.answered(System.nanoTime() - startNanos);
                if (answer.status() < HttpURLConnection.HTTP_BAD_GATEWAY
                        || answer.status() > HttpURLConnection.HTTP_GATEWAY_TIMEOUT) {
                    return answer;
                }
                last = new IOException(server + " answered with status " + answer.status() + ": " + answer.text());
            } catch (IOException e) {
                counters.unanswered();
                last = new IOException(server + ": " + e, e);
            }
            walk.next();
        }
        throw last;
    }

    private Answer callOne(String method, String url, @Nullable Map<String, String> form) throws IOException {
        return exchange(method, url, form == null ? null : encoded(form), max, tls);
    }

    /** Calls one address, on the calling thread, which may have to wait. */
    static Answer exchange(String method, String url, @Nullable String body, Duration max, @Nullable TlsContexts tls)
            throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url).toURL().openConnection();
        try {
            if (tls != null && connection instanceof HttpsURLConnection encrypted) {
                encrypted.setSSLSocketFactory(tls.http());
            }
            connection.setRequestMethod(method);
            connection.setConnectTimeout((int) Math.min(1000, max.toMillis()));
            connection.setReadTimeout((int) max.toMillis());
            connection.setInstanceFollowRedirects(false);
            connection.setUseCaches(false);
            connection.setRequestProperty("User-Agent", ClientVersion.TEXT);
            connection.setRequestProperty("Client-Version", ClientVersion.TEXT);
            connection.setRequestProperty("Connection", "close");
            if (body != null) {
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                connection.setDoOutput(true);
                connection.setFixedLengthStreamingMode(bytes.length);
                connection.setRequestProperty("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8");
                connection.getOutputStream().write(bytes);
            }
            int status = connection.getResponseCode();
            InputStream stream = status < 400 ? connection.getInputStream() : connection.getErrorStream();
            try (InputStream in = stream == null ? InputStream.nullInputStream() : stream) {
                return new Answer(status, in.readNBytes(BODY_BYTES_MAX));
            }
        } finally {
            connection.disconnect();
        }
    }

    private static String question(Map<String, String> query) {
        return query.isEmpty() ? "" : "?" + encoded(query);
    }

    private static String encoded(Map<String, String> pairs) {
        StringBuilder text = new StringBuilder();
        pairs.forEach((name, value) -> text.append(text.length() == 0 ? "" : "&")
                .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return text.toString();
    }
}
