package io.registry.server.http.ops;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.ServiceKey;
import io.registry.proto.json.Utf8Json;
import io.registry.server.core.operate.NamespaceOperator;
import io.registry.server.core.persistent.Namespace;
import io.registry.server.http.Access;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.Envelope;
import io.registry.server.http.FormParams;
import io.registry.server.http.HttpCall;
import io.registry.server.http.HttpParams;
import io.registry.server.http.Routes;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The namespaces that operators have named, in three versions that differ in small things. */
public final class NamespaceRoutes {

    private static final String V1 = "/v1/console/namespaces";
    private static final String V2 = "/v2/console/namespace";
    private static final String[] V3 = {"/v3/admin/core/namespace", "/v3/console/core/namespace"};

    private final NamespaceOperator namespaces;

    /** How a version shows namespaces. */
    private record Look(String defaultId, int namedType) {}

    private static final Look OLD = new Look("", 2);
    private static final Look NEW = new Look(ServiceKey.DEFAULT_NAMESPACE, 1);

    /** Makes the handlers. */
    public NamespaceRoutes(NamespaceOperator namespaces) {
        this.namespaces = namespaces;
    }

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        routes.add("GET", V1, Access.ANY_USER, Dialect.CONSOLE_V1, this::readV1)
                .add("POST", V1, Access.ADMINISTER, Dialect.CONSOLE_V1, this::createV1)
                .add("PUT", V1, Access.ADMINISTER, Dialect.CONSOLE_V1, this::updateV1)
                .add("DELETE", V1, Access.ADMINISTER, Dialect.CONSOLE_V1, this::deleteV1)
                .add("GET", V2 + "/list", Access.ANY_USER, Dialect.ENVELOPE, call -> Envelope.success(list(OLD)))
                .add("GET", V2, Access.ANY_USER, Dialect.ENVELOPE, call -> detail(call, OLD))
                .add("POST", V2, Access.ADMINISTER, Dialect.ENVELOPE, this::createV2)
                .add("PUT", V2, Access.ADMINISTER, Dialect.ENVELOPE, this::update)
                .add("DELETE", V2, Access.ADMINISTER, Dialect.ENVELOPE, this::delete);
        for (String path : V3) {
            routes.add("GET", path + "/list", Access.ANY_USER, Dialect.ENVELOPE, call -> Envelope.success(list(NEW)))
                    .add("GET", path, Access.ANY_USER, Dialect.ENVELOPE, call -> detail(call, NEW))
                    .add("POST", path, Access.ADMINISTER, Dialect.ENVELOPE, this::createV3)
                    .add("PUT", path, Access.ADMINISTER, Dialect.ENVELOPE, this::update)
                    .add("DELETE", path, Access.ADMINISTER, Dialect.ENVELOPE, this::delete);
        }
        routes.add(
                        "GET",
                        V3[0] + "/check",
                        Access.ANY_USER,
                        Dialect.ENVELOPE,
                        call -> Envelope.success(new Utf8Json(8)
                                .value(namespaces.find(new FormParams(call).argument("namespaceId")) == null ? 0 : 1)))
                .add(
                        "GET",
                        V3[1] + "/exist",
                        Access.ANY_USER,
                        Dialect.ENVELOPE,
                        call -> Envelope.success(new Utf8Json(8)
                                .value(namespaces.exists(new FormParams(call).argument("customNamespaceId")))));
    }

    private Answer readV1(HttpCall call) {
        HttpParams params = call.params();
        if ("true".equalsIgnoreCase(params.text("checkNamespaceIdExist"))) {
            return truth(namespaces.exists(params.text("customNamespaceId", "")));
        }
        if ("all".equals(params.text("show"))) {
            Utf8Json body = new Utf8Json(256);
            write(params.text("namespaceId", ""), OLD, body);
            return Answer.json(body.toBytes());
        }
        return Answer.json(new Utf8Json(512)
                .beginObject()
                .field("code", 200)
                .field("message", (String) null)
                .name("data")
                .rawValue(list(OLD).toBytes())
                .endObject()
                .toBytes());
    }

    private Answer createV1(HttpCall call) {
        HttpParams params = call.params();
        if (!params.has("customNamespaceId")) {
            throw missing("Parameter 'customNamespaceId' is missing");
        }
        String name = params.text("namespaceName");
        if (name == null) {
            throw missing("Parameter 'namespaceName' is missing");
        }
        return truth(call.await(namespaces.create(
                new Namespace(idOrNew(params.text("customNamespaceId")), name, params.text("namespaceDesc", "")))));
    }

    private Answer updateV1(HttpCall call) {
        HttpParams params = call.params();
        String id = params.text("namespace");
        String name = params.text("namespaceShowName");
        if (id == null || name == null) {
            throw missing("Parameter '" + (id == null ? "namespace" : "namespaceShowName") + "' is missing");
        }
        call.await(namespaces.update(new Namespace(id, name, params.text("namespaceDesc", ""))));
        return truth(true);
    }

    private Answer deleteV1(HttpCall call) {
        String id = call.params().text("namespaceId");
        if (id == null) {
            throw missing("Parameter 'namespaceId' is missing");
        }
        call.await(namespaces.delete(id));
        return truth(true);
    }

    private Answer createV2(HttpCall call) {
        Namespace namespace = form(call);
        return call.await(namespaces.create(namespace))
                ? success(true)
                : Envelope.error(
                        400,
                        Envelope.Code.NAMESPACE_ILLEGAL,
                        "the namespaceId is existed, namespaceId: " + namespace.id());
    }

    private Answer createV3(HttpCall call) {
        Namespace namespace = form(call);
        if (!call.await(namespaces.create(namespace))) {
            throw new RegistryException(
                    ErrorCode.NAMESPACE_EXISTS, "namespaceId [" + namespace.id() + "] already exist.");
        }
        return success(true);
    }

    private Answer update(HttpCall call) {
        new FormParams(call).required("namespaceId");
        call.await(namespaces.update(form(call)));
        return success(true);
    }

    private Answer delete(HttpCall call) {
        call.await(namespaces.delete(new FormParams(call).argument("namespaceId")));
        return success(true);
    }

    private static Namespace form(HttpCall call) {
        FormParams params = new FormParams(call);
        String name = params.text("namespaceName");
        if (name == null) {
            throw missing("required parameter 'namespaceName' is missing");
        }
        return new Namespace(idOrNew(params.text("namespaceId")), name, params.text("namespaceDesc", ""));
    }

    private static String idOrNew(@Nullable String id) {
        return id == null ? UUID.randomUUID().toString() : id;
    }

    private Answer detail(HttpCall call, Look look) {
        Utf8Json body = new Utf8Json(256);
        write(new FormParams(call).argument("namespaceId"), look, body);
        return Envelope.success(body);
    }

    private Utf8Json list(Look look) {
        Utf8Json body = new Utf8Json(512).beginArray();
        write("", look, body);
        namespaces.all().forEach(namespace -> write(namespace, look, body));
        return body.endArray();
    }

    private void write(String id, Look look, Utf8Json body) {
        if (id.isEmpty() || id.equals(ServiceKey.DEFAULT_NAMESPACE)) {
            write(look.defaultId(), "public", "Default Namespace", 0, body);
            return;
        }
        Namespace namespace = namespaces.find(id);
        if (namespace == null) {
            throw new RegistryException(ErrorCode.NAMESPACE_NOT_FOUND, "namespaceId [ " + id + " ] not exist");
        }
        write(namespace, look, body);
    }

    private static void write(Namespace namespace, Look look, Utf8Json body) {
        String description = namespace.description();
        write(namespace.id(), namespace.name(), description.isEmpty() ? null : description, look.namedType(), body);
    }

    private static void write(String id, String name, @Nullable String description, int type, Utf8Json body) {
        body.beginObject()
                .field("namespace", id)
                .field("namespaceShowName", name)
                .field("namespaceDesc", description)
                .field("quota", 200)
                .field("configCount", 0)
                .field("type", type)
                .endObject();
    }

    private static Answer truth(boolean value) {
        return Answer.json(new Utf8Json(8).value(value).toBytes());
    }

    private static Answer success(boolean value) {
        return Envelope.success(new Utf8Json(8).value(value));
    }

    private static RegistryException missing(String text) {
        return new RegistryException(ErrorCode.MISSING_PARAMETER, text);
    }
}
