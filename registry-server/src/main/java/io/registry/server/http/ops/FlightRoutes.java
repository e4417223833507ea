package io.registry.server.http.ops;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.proto.json.Utf8Json;
import io.registry.server.flight.FlightEntry;
import io.registry.server.flight.FlightPage;
import io.registry.server.flight.FlightQuery;
import io.registry.server.flight.FlightRecorder;
import io.registry.server.http.Access;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.Envelope;
import io.registry.server.http.FormParams;
import io.registry.server.http.HttpCall;
import io.registry.server.http.Routes;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /v3/admin/core/ops/flight}: what the flight recorder of this node has. The path is this project's own. */
public final class FlightRoutes {

    private static final String PATH = "/v3/admin/core/ops/flight";
    private static final int LIMIT = 100;
    private static final int LIMIT_MAX = 1_000;

    private final FlightRecorder recorder;

    /** Makes the handlers. */
    public FlightRoutes(FlightRecorder recorder) {
        this.recorder = recorder;
    }

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        routes.add("GET", PATH, Access.ADMINISTER, Dialect.ENVELOPE, this::search);
    }

    private Answer search(HttpCall call) {
        FormParams params = new FormParams(call);
        FlightQuery query = new FlightQuery(
                params.text("namespaceId"),
                params.text("serviceName") == null ? null : params.service(),
                params.text("ip"),
                params.integer("port", 0),
                params.text("user"),
                kind(params.text("kind")),
                number(params, "fromMillis", 0),
                number(params, "toMillis", Long.MAX_VALUE),
                number(params, "before", Long.MAX_VALUE),
                limit(params));
        call.await(recorder.written());
        FlightPage page = recorder.search(query);
        Utf8Json body = new Utf8Json(4096)
                .beginObject()
                .field("dropped", recorder.droppedCount())
                .name("entries")
                .beginArray();
        page.entries().forEach(entry -> write(entry, body));
        body.endArray();
        if (page.next() > 0) {
            body.field("next", page.next());
        }
        return Envelope.success(body.endObject());
    }

    private static void write(FlightEntry entry, Utf8Json body) {
        body.beginObject()
                .field("number", entry.number())
                .field("atMillis", entry.atMillis())
                .field("kind", entry.kind().word());
        text(body, "namespaceId", entry.namespace());
        text(body, "groupName", entry.group());
        text(body, "serviceName", entry.service());
        text(body, "ip", entry.ip());
        number(body, "port", entry.port());
        text(body, "clusterName", entry.cluster());
        text(body, "clientId", entry.client());
        text(body, "node", entry.node());
        text(body, "via", entry.via());
        text(body, "protocol", entry.protocol());
        text(body, "address", entry.address());
        text(body, "user", entry.user());
        text(body, "cause", entry.cause());
        text(body, "detail", entry.detail());
        number(body, "count", entry.count());
        body.endObject();
    }

    private static void text(Utf8Json body, String name, String value) {
        if (!value.isEmpty()) {
            body.field(name, value);
        }
    }

    private static void number(Utf8Json body, String name, long value) {
        if (value != 0) {
            body.field(name, value);
        }
    }

    private static FlightEntry.@Nullable Kind kind(@Nullable String word) {
        if (word == null) {
            return null;
        }
        List<FlightEntry.Kind> kinds = Arrays.asList(FlightEntry.Kind.values());
        return kinds.stream()
                .filter(kind -> kind.word().equals(word))
                .findFirst()
                .orElseThrow(() -> refused(
                        "kind",
                        word,
                        "one of "
                                + String.join(
                                        ", ",
                                        kinds.stream()
                                                .map(FlightEntry.Kind::word)
                                                .toList())));
    }

    private static int limit(FormParams params) {
        int limit = params.integer("limit", LIMIT);
        if (limit < 1 || limit > LIMIT_MAX) {
            throw refused("limit", Integer.toString(limit), "1 to " + LIMIT_MAX);
        }
        return limit;
    }

    private static long number(FormParams params, String name, long otherwise) {
        String value = params.text(name);
        if (value == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(value);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused below, like a negative one
        }
        throw refused(name, value, "a whole number from 0");
    }

    private static RegistryException refused(String name, String value, String expected) {
        return new RegistryException(
                ErrorCode.INVALID_PARAMETER, "Parameter '" + name + "': " + value + " (expected: " + expected + ")");
    }
}
