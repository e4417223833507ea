package io.registry.server.http.naming;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.proto.json.Utf8Json;
import io.registry.server.core.persistent.HealthCheck;
import io.registry.server.http.JsonText;
import io.registry.server.http.Numbers;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the {@code healthChecker} parameter and shows checkers. */
public final class Checkers {

    private Checkers() {}

    /**
     * Reads a checker; one of no known type checks nothing.
     *
     * @throws RegistryException where the text is no JSON object
     */
    public static HealthCheck parse(String text) {
        Map<String, @Nullable Object> json = JsonText.object(text);
        if (json == null) {
            throw new RegistryException(ErrorCode.INVALID_PARAMETER, "json param invalid.");
        }
        String type = JsonText.scalar(json, "type");
        if ("TCP".equals(type)) {
            return HealthCheck.TCP;
        }
        if ("MYSQL".equals(type)) {
            return new HealthCheck(HealthCheck.Type.MYSQL, "", "", 200);
        }
        if (!"HTTP".equals(type)) {
            return HealthCheck.NONE;
        }
        String code = JsonText.scalar(json, "expectedResponseCode");
        return new HealthCheck(
                HealthCheck.Type.HTTP,
                text(json, "path"),
                text(json, "headers"),
                code == null ? 200 : Numbers.integer(code));
    }

    private static String text(Map<String, @Nullable Object> json, String name) {
        String value = JsonText.scalar(json, name);
        return value == null ? "" : value;
    }

    /** Shows a checker. */
    public static void write(HealthCheck check, Utf8Json body) {
        body.beginObject().field("type", check.type().name());
        if (check.type() == HealthCheck.Type.HTTP) {
            body.field("path", check.path())
                    .field("headers", check.headers())
                    .field("expectedResponseCode", check.expectedCode());
        } else if (check.type() == HealthCheck.Type.MYSQL) {
            // What a database check would need is neither kept nor shown: it is never run.
            body.field("user", (String) null).field("pwd", (String) null).field("cmd", (String) null);
        }
        body.endObject();
    }

    /** Shows the checkers that the protocol knows, with their defaults. */
    public static Utf8Json all() {
        return new Utf8Json(160)
                .beginObject()
                .name("TCP")
                .beginObject()
                .endObject()
                .name("HTTP")
                .beginObject()
                .field("path", "")
                .field("headers", "")
                .field("expectedResponseCode", 200)
                .endObject()
                .name("MYSQL")
                .beginObject()
                .field("user", (String) null)
                .field("pwd", (String) null)
                .field("cmd", (String) null)
                .endObject()
                .name("NONE")
                .beginObject()
                .endObject()
                .endObject();
    }
}
