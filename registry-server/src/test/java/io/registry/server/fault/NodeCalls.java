package io.registry.server.fault;

import io.registry.server.testkit.Administrator;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * HTTP calls to nodes that may not be there. A call that fails in whatever way is answered by the empty text.
 *
 * <p><b>Threading</b>: safe for use by any thread.
 */
final class NodeCalls {

    private static final Duration CONNECT_MAX = Duration.ofSeconds(1);
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT_MAX).build();

    /** Returns the body of a good answer, or the empty text. */
    String send(String address, Duration max, String method, String path, Object... parameters) {
        StringBuilder query = new StringBuilder("http://" + address + "/nacos" + path);
        for (int i = 0; i < parameters.length; i += 2) {
            query.append(i == 0 ? '?' : '&')
                    .append(parameters[i])
                    .append('=')
                    .append(URLEncoder.encode(String.valueOf(parameters[i + 1]), StandardCharsets.UTF_8));
        }
        HttpRequest request = Administrator.request(URI.create(query.toString()))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(max)
                .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? answer.body() : "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Returns the addresses of a service that a node shows, each {@code ip:port}; fails where it does not answer. */
    Set<String> shown(String address, String service) {
        String list = send(address, Duration.ofSeconds(10), "GET", "/v1/ns/instance/list", "serviceName", service);
        if (list.isEmpty()) {
            throw new AssertionError(address + " does not say what it has of " + service);
        }
        Set<String> shown = new TreeSet<>();
        for (JsonNode host : JSON.readTree(list).required("hosts")) {
            shown.add(
                    host.required("ip").asString() + ":" + host.required("port").asInt());
        }
        return shown;
    }
}
