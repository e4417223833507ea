package io.registry.server.http.ops;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.server.http.Access;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.Envelope;
import io.registry.server.http.FormParams;
import io.registry.server.http.HttpCall;
import io.registry.server.http.MetadataText;
import io.registry.server.http.Routes;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * How much is logged, by part of the server: under the names that scripts for this protocol use, as far as there is such a
 * part here, and {@code registry} for all of it. What was set is gone with the process.
 */
public final class LogRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(LogRoutes.class);

    /** The loggers of each part. A name beyond these is refused: a logger that was ever named stays in memory. */
    private static final Map<String, List<String>> PARTS = new TreeMap<>(Map.of(
            "registry", List.of("io.registry"),
            "naming-main", List.of("io.registry.server"),
            "naming-push", List.of("io.registry.server.core.push", "io.registry.server.udp"),
            "naming-event", List.of("io.registry.server.core.event"),
            "naming-distro", List.of("io.registry.distro", "io.registry.server.node"),
            "remote", List.of("io.registry.server.grpc"),
            "http", List.of("io.registry.server.http")));

    private final BiConsumer<String, Level> levels;

    /**
     * Makes the handlers.
     *
     * @param levels sets the level of a logger and of those below it; any thread
     */
    public LogRoutes(BiConsumer<String, Level> levels) {
        this.levels = levels;
    }

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        for (String path : new String[] {"/v1/ns/operator/log", "/v1/ns/ops/log"}) {
            routes.add("PUT", path, Access.ADMINISTER, Dialect.NAMING_V1, call -> {
                set(call);
                return Answer.OK;
            });
        }
        for (String path : new String[] {"/v2/ns/operator/log", "/v2/ns/ops/log", "/v3/admin/ns/ops/log"}) {
            routes.add("PUT", path, Access.ADMINISTER, Dialect.ENVELOPE, call -> {
                set(call);
                return Envelope.OK;
            });
        }
    }

    private void set(HttpCall call) {
        FormParams params = new FormParams(call);
        String name = params.required("logName");
        String word = params.required("logLevel");
        List<String> loggers = PARTS.get(name);
        if (loggers == null) {
            throw invalid("logName", name, PARTS.keySet());
        }
        Level level = Arrays.stream(Level.values())
                .filter(known -> known.name().equals(word.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> invalid("logLevel", word, List.of(Level.values())));
        loggers.forEach(logger -> levels.accept(logger, level));
        LOG.info("log level set: part={} level={}", name, level);
    }

    private static RegistryException invalid(String parameter, String value, Iterable<?> expected) {
        StringBuilder words = new StringBuilder();
        expected.forEach(word -> words.append(words.isEmpty() ? "" : ", ").append(word));
        return new RegistryException(
                ErrorCode.INVALID_PARAMETER,
                "Parameter '" + parameter + "': " + MetadataText.shown(value) + " (expected: one of " + words + ")");
    }
}
