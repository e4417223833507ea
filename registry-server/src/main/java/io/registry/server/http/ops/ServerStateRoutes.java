package io.registry.server.http.ops;

import io.registry.proto.json.Utf8Json;
import io.registry.server.http.Access;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.Envelope;
import io.registry.server.http.Routes;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the server says of itself to consoles. Much of it is about configuration, which this server does not keep. */
public final class ServerStateRoutes {

    private static final String PAGE = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
            + "<title>registry</title></head><body><h1>registry</h1><p>This is a service registry. "
            + "It has no console here; see <a href=\"actuator/health\">its health</a>.</p></body></html>";

    private final byte[] state;

    /**
     * Makes the handlers.
     *
     * @param access whether clients have to log in
     */
    public ServerStateRoutes(Self self, boolean access) {
        Utf8Json body = new Utf8Json(768).beginObject();
        values(self, access).forEach(body::field);
        this.state = body.endObject().toBytes();
    }

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        Answer bare = Answer.json(state);
        Answer page = Answer.html(PAGE);
        routes.add("GET", "/", Access.OPEN, Dialect.CONSOLE_V1, call -> page)
                .add("GET", "/v1/console/server/state", Access.OPEN, Dialect.CONSOLE_V1, call -> bare)
                .add("GET", "/v3/console/server/state", Access.OPEN, Dialect.ENVELOPE, call -> bare)
                .add("GET", "/v3/admin/core/state", Access.OPEN, Dialect.ENVELOPE, call -> Envelope.success(bare))
                .add(
                        "GET",
                        "/v1/console/server/announcement",
                        Access.ANY_USER,
                        Dialect.CONSOLE_V1,
                        call -> Answer.json(new Utf8Json(64)
                                .beginObject()
                                .field("code", 200)
                                .field("message", (String) null)
                                .field("data", "")
                                .endObject()
                                .toBytes()))
                .add(
                        "GET",
                        "/v3/console/server/announcement",
                        Access.ANY_USER,
                        Dialect.ENVELOPE,
                        call -> Envelope.success(new Utf8Json(8).value("")))
                .add(
                        "GET",
                        "/v3/console/server/guide",
                        Access.ANY_USER,
                        Dialect.ENVELOPE,
                        call -> Envelope.success(new Utf8Json(8).value("")));
    }

    private static Map<String, @Nullable String> values(Self self, boolean access) {
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        values.put("version", Self.PROTOCOL_VERSION);
        values.put("startup_mode", "standalone");
        values.put("function_mode", null);
        values.put("server_port", Integer.toString(self.port()));
        values.put("auth_enabled", Boolean.toString(access));
        values.put("auth_system_type", "nacos");
        values.put("auth_admin_request", "false");
        values.put("login_page_enabled", "false");
        values.put("console_ui_enabled", "false");
        values.put("datasource_platform", "");
        values.put("plugin_datasource_log_enabled", "false");
        values.put("config_retention_days", "30");
        values.put("defaultMaxSize", "102400");
        values.put("defaultMaxAggrSize", "1024");
        values.put("defaultMaxAggrCount", "10000");
        values.put("defaultGroupQuota", "200");
        values.put("defaultClusterQuota", "100000");
        values.put("maxContent", "10485760");
        values.put("maxHealthCheckFailCount", "12");
        values.put("isHealthCheck", "true");
        values.put("isManageCapacity", "true");
        values.put("isCapacityLimitCheck", "false");
        values.put("notifyConnectTimeout", "100");
        values.put("notifySocketTimeout", "200");
        return values;
    }
}
