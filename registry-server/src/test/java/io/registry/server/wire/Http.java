package io.registry.server.wire;

import io.registry.server.testkit.Administrator;
import io.registry.server.testkit.RegistryProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Plain HTTP calls of the administrator, for what gRPC clients cannot do. */
final class Http {

    private final HttpClient http = HttpClient.newHttpClient();
    private final RegistryProcess server;

    Http(RegistryProcess server) {
        this.server = server;
    }

    /** Sends a request whose parameters stand in the query, given as names and values in turn; returns the body. */
    String send(String method, String path, Object... parameters) {
        HttpResponse<String> response = exchange(method, path, parameters);
        if (response.statusCode() != 200) {
            throw new AssertionError(method + " " + path + ": " + response.statusCode() + " " + response.body());
        }
        return response.body();
    }

    /** Sends a form in the body and returns the answer, whatever it is. */
    HttpResponse<String> post(String path, String form) {
        return answer(Administrator.request(server.url(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    /** Sends a request whose parameters stand in the query and returns the answer, whatever it is. */
    HttpResponse<String> exchange(String method, String path, Object... parameters) {
        StringBuilder query = new StringBuilder(path);
        for (int i = 0; i < parameters.length; i += 2) {
            query.append(i == 0 ? '?' : '&')
                    .append(parameters[i])
                    .append('=')
                    .append(URLEncoder.encode(String.valueOf(parameters[i + 1]), StandardCharsets.UTF_8));
        }
        return answer(Administrator.request(server.url(query.toString()))
                .method(method, HttpRequest.BodyPublishers.noBody()));
    }

    /** Sends a request as it is, from nobody who has logged in but where it says so itself, and returns the answer. */
    HttpResponse<String> anonymous(HttpRequest.Builder request) {
        return answer(request);
    }

    private HttpResponse<String> answer(HttpRequest.Builder request) {
        try {
            return http.send(request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
