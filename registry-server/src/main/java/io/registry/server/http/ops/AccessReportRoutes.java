package io.registry.server.http.ops;

import io.registry.proto.json.Utf8Json;
import io.registry.server.core.access.RefusalReport;
import io.registry.server.core.access.Verb;
import io.registry.server.http.Access;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.Envelope;
import io.registry.server.http.Routes;
import java.util.Locale;

/**
 * {@code /v3/admin/core/access/report}: what this node would have refused, had clients to log in. The path is this
 * project's own.
 */
public final class AccessReportRoutes {

    private static final String PATH = "/v3/admin/core/access/report";

    private final RefusalReport report;

    /** Makes the handlers. */
    public AccessReportRoutes(RefusalReport report) {
        this.report = report;
    }

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        routes.add("GET", PATH, Access.ADMINISTER, Dialect.ENVELOPE, call -> Envelope.success(lines()))
                .add("DELETE", PATH, Access.ADMINISTER, Dialect.ENVELOPE, call -> clear());
    }

    private Answer clear() {
        report.clear();
        return Envelope.OK;
    }

    private Utf8Json lines() {
        Utf8Json body = new Utf8Json(1024)
                .beginObject()
                .field("count", report.count())
                .field("unlisted", report.unlisted())
                .name("refusals")
                .beginArray();
        for (RefusalReport.Line line : report.lines()) {
            Verb verb = line.rule().verb();
            body.beginObject()
                    .field("user", line.user())
                    .field("address", line.address())
                    .field("action", verb == null ? "" : verb.name().toLowerCase(Locale.ROOT))
                    .field("resource", line.resource().toString())
                    .field("reason", line.why())
                    .field("count", line.count())
                    .field("lastMillis", line.lastMillis())
                    .endObject();
        }
        return body.endArray().endObject();
    }
}
