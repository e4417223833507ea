package io.registry.server.http.v3;

import io.registry.api.model.ServiceKey;
import io.registry.proto.json.InstanceJson;
import io.registry.proto.json.Utf8Json;
import io.registry.server.core.persistent.ClusterConfig;
import io.registry.server.core.persistent.Selector;
import io.registry.server.core.service.ServiceCatalog;
import io.registry.server.core.service.ServiceView;
import io.registry.server.http.Access;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.Envelope;
import io.registry.server.http.FormParams;
import io.registry.server.http.HttpCall;
import io.registry.server.http.PageBody;
import io.registry.server.http.Routes;
import io.registry.server.http.Subject;
import io.registry.server.http.naming.CatalogBodies;
import io.registry.server.http.naming.Checkers;
import io.registry.server.http.naming.FormServices;
import io.registry.server.http.naming.Patterns;
import io.registry.server.http.naming.SubscriberList;
import java.util.function.Predicate;

/** {@code /v3/admin/ns/service}, clusters and health, and the console's names for them. */
public final class AdminServiceRoutes {

    private static final int PAGE_SIZE_MAX = 500;

    private final FormServices forms;
    private final ServiceCatalog catalog;
    private final SubscriberList subscribers;

    /** Makes the handlers. */
    public AdminServiceRoutes(FormServices forms, ServiceCatalog catalog, SubscriberList subscribers) {
        this.forms = forms;
        this.catalog = catalog;
        this.subscribers = subscribers;
    }

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        for (String base : new String[] {"/v3/admin/ns", "/v3/console/ns"}) {
            String path = base + "/service";
            routes.add("POST", path, Access.operate(Subject.SERVICE), Dialect.ENVELOPE, forms::create)
                    .add("PUT", path, Access.operate(Subject.SERVICE), Dialect.ENVELOPE, forms::update)
                    .add("DELETE", path, Access.operate(Subject.SERVICE), Dialect.ENVELOPE, forms::delete)
                    .add(
                            "GET",
                            path,
                            Access.inspect(Subject.SERVICE),
                            Dialect.ENVELOPE,
                            call -> forms.detail(call, "namespaceId"))
                    .add("GET", path + "/list", Access.inspect(Subject.NAMESPACE), Dialect.ENVELOPE, this::list)
                    .add(
                            "GET",
                            path + "/subscribers",
                            Access.inspect(Subject.NAMESPACE),
                            Dialect.ENVELOPE,
                            this::subscribers)
                    .add(
                            "GET",
                            path + "/selector/types",
                            Access.ANY_USER,
                            Dialect.ENVELOPE,
                            call -> Envelope.success(new Utf8Json(32).value(Selector.TYPES)));
        }
        routes.add(
                        "PUT",
                        "/v3/admin/ns/cluster",
                        Access.operate(Subject.SERVICE),
                        Dialect.ENVELOPE,
                        forms::updateCluster)
                .add(
                        "PUT",
                        "/v3/console/ns/service/cluster",
                        Access.operate(Subject.SERVICE),
                        Dialect.ENVELOPE,
                        forms::updateCluster)
                .add(
                        "PUT",
                        "/v3/admin/ns/health/instance",
                        Access.operate(Subject.SERVICE),
                        Dialect.ENVELOPE,
                        forms::setHealth)
                .add(
                        "GET",
                        "/v3/admin/ns/health/checkers",
                        Access.ANY_USER,
                        Dialect.ENVELOPE,
                        call -> Envelope.success(Checkers.all()));
    }

    private Answer list(HttpCall call) {
        FormParams params = new FormParams(call);
        int page = PageBody.positive(params, "pageNo", 1);
        int size = Math.min(PAGE_SIZE_MAX, PageBody.positive(params, "pageSize", 100));
        Predicate<String> name = Patterns.containing(params.text("serviceNameParam"));
        Predicate<String> group = Patterns.containing(params.text("groupNameParam"));
        boolean nonEmpty = params.truth("ignoreEmptyService", false);
        boolean withInstances = params.truth("withInstances", false);
        ServiceCatalog.Page<ServiceView> found = catalog.views(
                params.namespace(),
                view -> name.test(view.key().name())
                        && group.test(view.key().group())
                        && (!nonEmpty || view.hasInstances()),
                page,
                size);
        Utf8Json body = PageBody.begin(found.total(), page, size);
        for (ServiceView view : found.items()) {
            if (withInstances) {
                withInstances(view, body);
            } else {
                CatalogBodies.summary(view, body);
            }
        }
        return Envelope.success(PageBody.end(body));
    }

    private static void withInstances(ServiceView view, Utf8Json body) {
        body.beginObject()
                .field("namespaceId", (String) null)
                .field("serviceName", view.key().name())
                .field("groupName", view.key().group())
                .name("clusterMap")
                .beginObject();
        CatalogBodies.byCluster(view).forEach((cluster, hosts) -> {
            ClusterConfig config = view.cluster(cluster);
            body.name(cluster)
                    .beginObject()
                    .field("clusterName", (String) null)
                    .field("healthChecker", (String) null)
                    .field("healthyCheckPort", config.checkPort())
                    .field("useInstancePortForCheck", config.useInstancePort())
                    .field("metadata", (String) null)
                    .name("hosts")
                    .beginArray();
            hosts.forEach(host -> body.rawValue(InstanceJson.encode(host, view.key())));
            body.endArray().endObject();
        });
        body.endObject();
        CatalogBodies.settings(view, body, "metadata", "protectThreshold");
        body.field("selector", (String) null).field("ephemeral", (String) null).endObject();
    }

    private Answer subscribers(HttpCall call) {
        FormParams params = new FormParams(call);
        ServiceKey service = params.service();
        int page = PageBody.positive(params, "pageNo", 1);
        int size = Math.min(PAGE_SIZE_MAX, PageBody.positive(params, "pageSize", 100));
        SubscriberList.Page found = subscribers.page(service.namespace(), service, page, size);
        Utf8Json body = PageBody.begin(found.total(), page, size);
        for (SubscriberList.Entry entry : found.entries()) {
            body.beginObject()
                    .field("namespaceId", entry.service().namespace())
                    .field("groupName", entry.service().group())
                    .field("serviceName", entry.service().name())
                    .field("ip", entry.ip())
                    .field("port", entry.port())
                    .field("agent", entry.agent())
                    .field("appName", entry.app())
                    .field("address", entry.address())
                    .endObject();
        }
        return Envelope.success(PageBody.end(body));
    }
}
