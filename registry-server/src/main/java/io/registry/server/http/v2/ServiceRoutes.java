package io.registry.server.http.v2;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.proto.json.InstanceJson;
import io.registry.proto.json.Utf8Json;
import io.registry.server.core.service.ServiceCatalog;
import io.registry.server.core.service.ServiceManager;
import io.registry.server.core.service.ServiceView;
import io.registry.server.http.Access;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.Envelope;
import io.registry.server.http.FormParams;
import io.registry.server.http.HttpCall;
import io.registry.server.http.Routes;
import io.registry.server.http.ServiceNames;
import io.registry.server.http.Subject;
import io.registry.server.http.naming.CatalogBodies;
import io.registry.server.http.naming.FormServices;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /v2/ns/service}, {@code /v2/ns/health} and {@code /v2/ns/catalog}. */
public final class ServiceRoutes {

    private static final String PATH = "/v2/ns/service";
    private static final int PAGE_SIZE_MAX = 500;

    private final FormServices forms;
    private final ServiceManager services;
    private final ServiceCatalog catalog;

    /** Makes the handlers. */
    public ServiceRoutes(FormServices forms, ServiceManager services, ServiceCatalog catalog) {
        this.forms = forms;
        this.services = services;
        this.catalog = catalog;
    }

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        routes.add("POST", PATH, Access.operate(Subject.SERVICE), Dialect.ENVELOPE, forms::create)
                .add("PUT", PATH, Access.operate(Subject.SERVICE), Dialect.ENVELOPE, forms::update)
                .add("DELETE", PATH, Access.operate(Subject.SERVICE), Dialect.ENVELOPE, forms::delete)
                .add(
                        "GET",
                        PATH,
                        Access.discover(Subject.SERVICE),
                        Dialect.ENVELOPE,
                        call -> forms.detail(call, "namespace"))
                .add("GET", PATH + "/list", Access.discover(Subject.GROUP), Dialect.ENVELOPE, this::list)
                .add("PUT", "/v2/ns/health", Access.operate(Subject.SERVICE), Dialect.ENVELOPE, forms::setHealth)
                .add(
                        "PUT",
                        "/v2/ns/health/instance",
                        Access.operate(Subject.SERVICE),
                        Dialect.ENVELOPE,
                        forms::setHealth)
                .add(
                        "GET",
                        "/v2/ns/catalog/instances",
                        Access.inspect(Subject.SERVICE),
                        Dialect.ENVELOPE,
                        this::instances);
    }

    private Answer list(HttpCall call) {
        FormParams params = new FormParams(call);
        ServiceCatalog.Page<String> names = catalog.names(
                params.namespace(),
                params.text("groupName", ServiceKey.DEFAULT_GROUP),
                params.integer("pageNo", 1),
                Math.min(params.integer("pageSize", 20), PAGE_SIZE_MAX));
        return Envelope.success(new Utf8Json(256)
                .beginObject()
                .field("count", names.total())
                .name("services")
                .value(names.items())
                .endObject());
    }

    private Answer instances(HttpCall call) {
        FormParams params = new FormParams(call);
        ServiceKey service = ServiceNames.grouped(params.namespace(), params.argument("serviceName"));
        String cluster = params.text("clusterName");
        Boolean healthy = optional(params, "healthyOnly");
        Boolean enabled = optional(params, "enabledOnly");
        List<Instance> found = new ArrayList<>();
        for (Instance instance : found(service).instances()) {
            if ((cluster == null || cluster.equals(instance.cluster()))
                    && (healthy == null || healthy == instance.healthy())
                    && (enabled == null || enabled == instance.enabled())) {
                found.add(instance);
            }
        }
        List<Instance> page = CatalogBodies.page(
                found, params.integer("pageNo", 1), Math.min(params.integer("pageSize", 20), PAGE_SIZE_MAX));
        Utf8Json body = new Utf8Json(1024).beginObject();
        if (!page.isEmpty()) {
            body.name("instances").beginArray();
            page.forEach(instance -> body.rawValue(InstanceJson.encode(instance, service)));
            body.endArray();
        }
        return Envelope.success(body.field("count", found.size()).endObject());
    }

    private static @Nullable Boolean optional(FormParams params, String name) {
        String value = params.text(name);
        return value == null ? null : params.truthOf(name, value);
    }

    private ServiceView found(ServiceKey service) {
        ServiceView view = services.view(service);
        if (view == null) {
            throw new RegistryException(ErrorCode.NOT_FOUND, "service " + service.groupedName() + " is not found!");
        }
        return view;
    }
}
