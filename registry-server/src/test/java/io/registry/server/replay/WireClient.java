package io.registry.server.replay;

import io.registry.server.testkit.Administrator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends requests as they are given, of the administrator where they do not say whose: any method with any body, the query string as it stands, no redirect followed. */
final class WireClient {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration ANSWER_MAX = Duration.ofSeconds(15);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final int port;

    WireClient(int port) {
        this.port = port;
    }

    /** An answer; the content type and the location are null when their headers are absent. */
    record Answer(
            int status,
            @Nullable String contentType,
            @Nullable String location,
            String body) {

        JsonNode json() {
            return JSON.readTree(body);
        }
    }

    /** Sends a request to a path of the server, context path included. */
    Answer send(
            String method, String path, @Nullable String query, Map<String, String> headers, @Nullable String body) {
        URI uri = URI.create("http://127.0.0.1:" + port + path + (query == null ? "" : "?" + query));
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(ANSWER_MAX);
        headers.forEach(request::header);
        if (headers.keySet().stream().noneMatch("Authorization"::equalsIgnoreCase)) {
            request.header("Authorization", Administrator.AUTHORIZATION);
        }
        request.method(
                method,
                body == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8));
        try {
            HttpResponse<String> response =
                    http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            String contentType = response.headers().firstValue("Content-Type").orElse(null);
            String location = response.headers().firstValue("Location").orElse(null);
            return new Answer(response.statusCode(), contentType, location, response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + uri, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Sends a request without headers to a path below the context path, and returns the answer. */
    Answer send(String method, String path, String query) {
        return send(method, "/nacos" + path, query, Map.of(), null);
    }
}
