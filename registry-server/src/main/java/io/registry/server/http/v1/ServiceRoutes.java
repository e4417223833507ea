package io.registry.server.http.v1;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.ServiceKey;
import io.registry.proto.json.Utf8Json;
import io.registry.server.core.operate.ServiceOperator;
import io.registry.server.core.persistent.ClusterConfig;
import io.registry.server.core.persistent.Selector;
import io.registry.server.core.persistent.ServiceMetadata;
import io.registry.server.core.service.ServiceCatalog;
import io.registry.server.core.service.ServiceView;
import io.registry.server.http.Access;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.HttpCall;
import io.registry.server.http.MetadataText;
import io.registry.server.http.Routes;
import io.registry.server.http.Subject;
import io.registry.server.http.naming.CatalogBodies;
import io.registry.server.http.naming.Checkers;
import io.registry.server.http.naming.Patterns;
import io.registry.server.http.naming.Selectors;
import io.registry.server.http.naming.SubscriberList;
import io.registry.server.http.naming.Thresholds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** {@code /v1/ns/service} and what is below it. */
public final class ServiceRoutes {

    private static final String PATH = "/v1/ns/service";

    private final ServiceOperator services;
    private final ServiceCatalog catalog;
    private final SubscriberList subscribers;

    /** Makes the handlers. */
    public ServiceRoutes(ServiceOperator services, ServiceCatalog catalog, SubscriberList subscribers) {
        this.services = services;
        this.catalog = catalog;
        this.subscribers = subscribers;
    }

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        routes.add("POST", PATH, Access.operate(Subject.SERVICE), Dialect.NAMING_V1, this::create)
                .add("DELETE", PATH, Access.operate(Subject.SERVICE), Dialect.NAMING_V1, this::delete)
                .add("PUT", PATH, Access.operate(Subject.SERVICE), Dialect.NAMING_V1, this::update)
                .add("GET", PATH, Access.discover(Subject.SERVICE), Dialect.NAMING_V1, this::detail)
                .add("GET", PATH + "/list", Access.discover(Subject.GROUP), Dialect.NAMING_V1, this::list)
                .add("GET", PATH + "/names", Access.discover(Subject.NAMESPACE_OR_ALL), Dialect.NAMING_V1, this::names)
                .add(
                        "GET",
                        PATH + "/subscribers",
                        Access.inspect(Subject.NAMESPACE),
                        Dialect.NAMING_V1,
                        this::subscribers)
                .add("GET", PATH + "/selector/types", Access.ANY_USER, Dialect.NAMING_V1, this::selectorTypes);
    }

    private Answer create(HttpCall call) {
        V1Params params = new V1Params(call);
        ServiceKey service = named(params.boundService());
        String threshold = params.text("protectThreshold");
        call.await(services.create(service, metadata(params, threshold == null ? 0 : Thresholds.parse(threshold))));
        return Answer.OK;
    }

    private Answer update(HttpCall call) {
        V1Params params = new V1Params(call);
        ServiceKey service = named(params.boundService());
        float threshold = Thresholds.parseLeniently(params.required("protectThreshold"));
        call.await(services.update(service, metadata(params, threshold)));
        return Answer.OK;
    }

    private static ServiceMetadata metadata(V1Params params, float threshold) {
        Selector selector = Selectors.parse(params.text("selector"));
        return new ServiceMetadata(false, threshold, MetadataText.parse(params.text("metadata")), selector);
    }

    private Answer delete(HttpCall call) {
        call.await(services.delete(new V1Params(call).boundService()));
        return Answer.OK;
    }

    private Answer detail(HttpCall call) {
        ServiceView view = services.detail(new V1Params(call).boundService());
        ServiceKey service = view.key();
        Utf8Json body = new Utf8Json(512)
                .beginObject()
                .field("namespaceId", service.namespace())
                .field("groupName", service.group())
                .field("name", service.name());
        CatalogBodies.settings(view, body, "protectThreshold", "metadata", "selector");
        body.name("clusters").beginArray();
        for (String cluster : CatalogBodies.clusters(view)) {
            ClusterConfig config = view.cluster(cluster);
            body.beginObject().field("name", cluster).name("healthChecker");
            Checkers.write(config.check(), body);
            body.field("metadata", config.metadata()).endObject();
        }
        return Answer.json(body.endArray().endObject().toBytes());
    }

    private Answer list(HttpCall call) {
        V1Params params = new V1Params(call);
        int page = params.lenientInteger("pageNo");
        int size = params.lenientInteger("pageSize");
        ServiceCatalog.Page<String> names = catalog.names(
                params.namespace(), params.text("groupName", ServiceKey.DEFAULT_GROUP), page, V1Params.pageSize(size));
        return Answer.json(new Utf8Json(256)
                .beginObject()
                .field("count", names.total())
                .name("doms")
                .value(names.items())
                .endObject()
                .toBytes());
    }

    private Answer names(HttpCall call) {
        V1Params params = new V1Params(call);
        String namespace = params.text("namespaceId");
        Predicate<String> wanted = Patterns.containing(params.text("expr"));
        Map<String, List<String>> byNamespace = new TreeMap<>();
        if (namespace != null) {
            byNamespace.put(namespace, new ArrayList<>());
        }
        int count = 0;
        for (ServiceView view : all(namespace)) {
            List<String> names = byNamespace.computeIfAbsent(view.key().namespace(), any -> new ArrayList<>());
            if (wanted.test(view.key().groupedName())) {
                names.add(view.key().groupedName());
                count++;
            }
        }
        // Two generations of servers have used two keys for the same; clients of either find theirs.
        Utf8Json body = new Utf8Json(1024).beginObject();
        writeNames("META-INF/services", byNamespace, body);
        writeNames("services", byNamespace, body);
        return Answer.json(body.field("count", count).endObject().toBytes());
    }

    private List<ServiceView> all(@Nullable String namespace) {
        return catalog.views(namespace, view -> true, 1, Integer.MAX_VALUE).items();
    }

    private static void writeNames(String key, Map<String, List<String>> byNamespace, Utf8Json body) {
        body.name(key).beginObject();
        byNamespace.forEach((namespace, names) -> body.name(namespace).value(names));
        body.endObject();
    }

    private Answer subscribers(HttpCall call) {
        V1Params params = new V1Params(call);
        SubscriberList.Page page = subscribers.page(
                params.namespace(),
                params.boundService(),
                params.integer("pageNo", 1),
                params.integer("pageSize", SubscriberList.SIZE_MAX));
        Utf8Json body = new Utf8Json(1024).beginObject().name("subscribers").beginArray();
        for (SubscriberList.Entry entry : page.entries()) {
            body.beginObject()
                    .field("addrStr", entry.address())
                    .field("agent", entry.agent())
                    .field("app", entry.app())
                    .field("ip", entry.ip())
                    .field("port", entry.port())
                    .field("namespaceId", entry.service().namespace())
                    .field("serviceName", entry.service().groupedName())
                    .field("cluster", entry.clusters())
                    .endObject();
        }
        return Answer.json(
                body.endArray().field("count", page.total()).endObject().toBytes());
    }

    private Answer selectorTypes(HttpCall call) {
        return Answer.json(new Utf8Json(64)
                .beginObject()
                .field("code", 200)
                .field("message", (String) null)
                .name("data")
                .value(Selector.TYPES)
                .endObject()
                .toBytes());
    }

    /** Refuses a service without a name: one may be looked for, but not made. */
    private static ServiceKey named(ServiceKey service) {
        if (service.name().isEmpty()) {
            throw new RegistryException(ErrorCode.MISSING_PARAMETER, "Param 'serviceName' is required.");
        }
        return service;
    }
}
