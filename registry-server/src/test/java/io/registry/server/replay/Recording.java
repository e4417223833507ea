package io.registry.server.replay;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One request and the answer to expect. A line of the files holds {@code id}, {@code check} ({@code E} exactly, {@code S}
 * in shape, {@code X} where we answer otherwise than what was recorded, {@code setup}), {@code request},
 * {@code expected} and, where it differs from what is expected of us, {@code recorded}, which is for the reader only.
 *
 * @param within how long the answer may take to become the expected one; zero asks once
 */
record Recording(
        String id,
        String method,
        String path,
        @Nullable String query,
        Map<String, String> headers,
        @Nullable String body,
        Expected expected,
        Duration within) {

    /** A read may lag a write by this much. */
    private static final Duration READ_LAG_MAX = Duration.ofSeconds(1);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * What an answer has to be.
     *
     * @param contentType the header exactly, null for its absence, {@code any} for whatever comes
     * @param text the body as text; null when it is JSON or free
     * @param json the body as JSON; null when it is text or free
     * @param rules by place in the JSON (a pointer with {@code *} for any index), how loosely it is compared
     * @param refusal whether the body need only be one that a refused client may see
     * @param series metric series that the body has to hold
     */
    record Expected(
            int status,
            @Nullable String contentType,
            @Nullable String text,
            @Nullable JsonNode json,
            Map<String, String> rules,
            boolean refusal,
            List<String> series) {}

    /** Reads the recordings of a file in {@code /replay}, in order, with the ports of the server under test. */
    static List<Recording> load(String file, int port) {
        List<Recording> recordings = new ArrayList<>();
        try (InputStream stream = Recording.class.getResourceAsStream("/replay/" + file)) {
            if (stream == null) {
                throw new IllegalArgumentException("no such file: /replay/" + file);
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                recordings.add(of(JSON.readTree(withPorts(line, port))));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return recordings;
    }

    private static String withPorts(String line, int port) {
        return line.replace("\"{port:number}\"", Integer.toString(port))
                .replace("{port}", Integer.toString(port))
                .replace("{raft-port}", Integer.toString(port - 1000));
    }

    private static Recording of(JsonNode row) {
        JsonNode request = row.path("request");
        String method = request.path("method").asString();
        boolean reads = method.equals("GET");
        return new Recording(
                row.path("id").asString(),
                method,
                request.path("path").asString(),
                textOrNull(request, "query"),
                textMap(request.path("headers")),
                textOrNull(request, "body"),
                expected(row.path("expected")),
                row.has("withinMillis")
                        ? Duration.ofMillis(row.path("withinMillis").asLong())
                        : reads ? READ_LAG_MAX : Duration.ZERO);
    }

    private static Expected expected(JsonNode node) {
        List<String> series = new ArrayList<>();
        node.path("series").forEach(s -> series.add(s.asString()));
        return new Expected(
                node.path("status").asInt(),
                textOrNull(node, "contentType"),
                textOrNull(node, "text"),
                node.has("json") ? node.get("json") : null,
                textMap(node.path("rules")),
                node.path("shape").asString("").equals("refusal"),
                series);
    }

    private static @Nullable String textOrNull(JsonNode node, String name) {
        return node.hasNonNull(name) ? node.path(name).asString() : null;
    }

    private static Map<String, String> textMap(JsonNode node) {
        Map<String, String> map = new LinkedHashMap<>();
        node.properties().forEach(e -> map.put(e.getKey(), e.getValue().asString()));
        return map;
    }
}
