package io.registry.server.http.v3;

import io.registry.api.check.Names;
import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.InstanceKey;
import io.registry.api.model.ServiceKey;
import io.registry.proto.json.Utf8Json;
import io.registry.server.core.operate.OverrideOperator;
import io.registry.server.core.persistent.InstanceOverride;
import io.registry.server.core.persistent.InstancePatch;
import io.registry.server.core.persistent.OverrideTarget;
import io.registry.server.http.Access;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.Envelope;
import io.registry.server.http.FormParams;
import io.registry.server.http.HttpCall;
import io.registry.server.http.MetadataText;
import io.registry.server.http.PageBody;
import io.registry.server.http.Routes;
import io.registry.server.http.Subject;
import io.registry.server.http.naming.CatalogBodies;
import io.registry.server.http.naming.FormInstances;
import java.util.List;
import java.util.Locale;

/**
 * {@code /v3/admin/ns/override}: what operators set about instances, for a scope and a time. The paths are this
 * project's own.
 */
public final class OverrideRoutes {

    private static final String PATH = "/v3/admin/ns/override";
    private static final int PAGE_SIZE_MAX = 500;
    private static final String SCOPES = "incarnation, address or service";

    private final OverrideOperator overrides;

    /** Makes the handlers. */
    public OverrideRoutes(OverrideOperator overrides) {
        this.overrides = overrides;
    }

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        routes.add("PUT", PATH, Access.operate(Subject.SERVICE), Dialect.ENVELOPE, this::set)
                .add("DELETE", PATH, Access.operate(Subject.SERVICE), Dialect.ENVELOPE, this::remove)
                .add("GET", PATH + "/list", Access.inspect(Subject.SERVICE), Dialect.ENVELOPE, this::list);
    }

    private Answer set(HttpCall call) {
        FormParams params = new FormParams(call);
        ServiceKey service = params.service();
        OverrideTarget target = target(params);
        String enabled = params.text("enabled");
        InstancePatch set = FormInstances.patch(
                params.text("weight"),
                enabled == null ? null : params.truthOf("enabled", enabled),
                params.text("metadata"));
        call.await(overrides.set(service, target, set, end(params)));
        return Envelope.OK;
    }

    private Answer remove(HttpCall call) {
        FormParams params = new FormParams(call);
        ServiceKey service = params.service();
        boolean removed = call.await(overrides.remove(service, target(params)));
        return Envelope.success(new Utf8Json(8).value(removed));
    }

    private Answer list(HttpCall call) {
        FormParams params = new FormParams(call);
        int page = PageBody.positive(params, "pageNo", 1);
        int size = Math.min(PAGE_SIZE_MAX, PageBody.positive(params, "pageSize", 100));
        List<OverrideOperator.Entry> found =
                params.text("serviceName") == null ? overrides.of(params.namespace()) : overrides.of(params.service());
        Utf8Json body = PageBody.begin(found.size(), page, size);
        CatalogBodies.page(found, page, size).forEach(entry -> write(entry, body));
        return Envelope.success(PageBody.end(body));
    }

    private static void write(OverrideOperator.Entry entry, Utf8Json body) {
        OverrideTarget target = entry.target();
        InstanceOverride override = entry.override();
        body.beginObject()
                .field("namespaceId", entry.service().namespace())
                .field("groupName", entry.service().group())
                .field("serviceName", entry.service().name())
                .field("scope", target.scope().name().toLowerCase(Locale.ROOT));
        if (target.scope() != OverrideTarget.Scope.SERVICE) {
            body.field("ip", target.ip()).field("port", target.port());
        }
        if (target.scope() == OverrideTarget.Scope.INCARNATION) {
            body.field("clusterName", target.cluster());
        }
        Double weight = override.weight();
        if (weight != null) {
            body.field("weight", weight);
        }
        Boolean enabled = override.enabled();
        if (enabled != null) {
            body.field("enabled", enabled);
        }
        body.field("metadata", override.metadata()).field("setAtMillis", override.setAtMillis());
        if (override.expiresAtMillis() != InstanceOverride.NEVER) {
            body.field("expiresAtMillis", override.expiresAtMillis());
        }
        body.endObject();
    }

    private static OverrideTarget target(FormParams params) {
        String scope = params.required("scope");
        return switch (scope) {
            case "incarnation" -> {
                String cluster = params.text("clusterName", Instance.DEFAULT_CLUSTER);
                Names.checkInstanceCluster(cluster);
                yield OverrideTarget.incarnation(
                        new InstanceKey(params.required("ip"), params.requiredInteger("port"), cluster));
            }
            case "address" -> {
                refuse(params, scope, "clusterName");
                yield OverrideTarget.address(params.required("ip"), params.requiredInteger("port"));
            }
            case "service" -> {
                refuse(params, scope, "ip");
                refuse(params, scope, "port");
                refuse(params, scope, "clusterName");
                yield OverrideTarget.WHOLE_SERVICE;
            }
            default -> throw invalid("scope", scope, SCOPES);
        };
    }

    /** What a scope does not look at is refused: who sends it means something else. */
    private static void refuse(FormParams params, String scope, String name) {
        String value = params.text(name);
        if (value != null) {
            throw invalid(name, value, "none with scope=" + scope);
        }
    }

    private long end(FormParams params) {
        String at = params.text("expiresAtMillis");
        String after = params.text("expiresAfterSeconds");
        if (at != null && after != null) {
            throw invalid("expiresAfterSeconds", after, "not beside expiresAtMillis");
        }
        if (at != null) {
            long now = overrides.nowMillis();
            return whole("expiresAtMillis", at, now + 1, now + OverrideOperator.TERM_MAX.toMillis());
        }
        return after == null
                ? InstanceOverride.NEVER
                : overrides.nowMillis()
                        + 1_000 * whole("expiresAfterSeconds", after, 1, OverrideOperator.TERM_MAX.toSeconds());
    }

    private static long whole(String name, String text, long least, long most) {
        try {
            long value = Long.parseLong(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below, as of any other number that cannot be.
        }
        throw invalid(name, text, "a whole number from " + least + " to " + most);
    }

    private static RegistryException invalid(String name, String value, String expected) {
        return new RegistryException(
                ErrorCode.INVALID_PARAMETER,
                "Parameter '" + name + "': " + MetadataText.shown(value) + " (expected: " + expected + ")");
    }
}
