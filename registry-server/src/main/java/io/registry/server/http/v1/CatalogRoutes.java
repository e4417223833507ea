package io.registry.server.http.v1;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.proto.json.InstanceJson;
import io.registry.proto.json.Utf8Json;
import io.registry.server.core.persistent.ClusterConfig;
import io.registry.server.core.service.ServiceCatalog;
import io.registry.server.core.service.ServiceManager;
import io.registry.server.core.service.ServiceView;
import io.registry.server.http.Access;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.HttpCall;
import io.registry.server.http.Routes;
import io.registry.server.http.Subject;
import io.registry.server.http.naming.CatalogBodies;
import io.registry.server.http.naming.Checkers;
import io.registry.server.http.naming.Patterns;
import java.util.List;
import java.util.function.Predicate;

/** {@code /v1/ns/catalog}: services as operators browse them. */
public final class CatalogRoutes {

    private static final String PATH = "/v1/ns/catalog";

    private final ServiceManager services;
    private final ServiceCatalog catalog;

    /** Makes the handlers. */
    public CatalogRoutes(ServiceManager services, ServiceCatalog catalog) {
        this.services = services;
        this.catalog = catalog;
    }

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        routes.add("GET", PATH + "/services", Access.inspect(Subject.NAMESPACE), Dialect.NAMING_V1, this::list)
                .add("GET", PATH + "/service", Access.inspect(Subject.SERVICE), Dialect.NAMING_V1, this::detail)
                .add("GET", PATH + "/instances", Access.inspect(Subject.SERVICE), Dialect.NAMING_V1, this::instances);
    }

    private Answer list(HttpCall call) {
        V1Params params = new V1Params(call);
        Predicate<String> name = Patterns.containing(params.text("serviceNameParam"));
        Predicate<String> group = Patterns.containing(params.text("groupNameParam"));
        boolean nonEmpty = params.isExactlyTrue("hasIpCount", false);
        ServiceCatalog.Page<ServiceView> page = catalog.views(
                params.namespace(),
                view -> name.test(view.key().name())
                        && group.test(view.key().group())
                        && (!nonEmpty || view.hasInstances()),
                params.integer("pageNo", 1),
                V1Params.pageSize(params.integer("pageSize", 20)));
        Utf8Json body = new Utf8Json(1024);
        if (params.isExactlyTrue("withInstances", false)) {
            body.beginArray();
            page.items().forEach(view -> withInstances(view, body));
            return Answer.json(body.endArray().toBytes());
        }
        body.beginObject().field("count", page.total()).name("serviceList").beginArray();
        page.items().forEach(view -> CatalogBodies.summary(view, body));
        return Answer.json(body.endArray().endObject().toBytes());
    }

    private static void withInstances(ServiceView view, Utf8Json body) {
        body.beginObject()
                .field("namespace", (String) null)
                .field("serviceName", view.key().name())
                .field("groupName", view.key().group())
                .name("clusterMap")
                .beginObject();
        CatalogBodies.byCluster(view).forEach((cluster, hosts) -> {
            body.name(cluster)
                    .beginObject()
                    .field("clusterName", (String) null)
                    .field("healthChecker", (String) null)
                    .field("metadata", (String) null)
                    .name("hosts")
                    .beginArray();
            hosts.forEach(host -> CatalogBodies.host(host, body));
            body.endArray().endObject();
        });
        body.endObject();
        CatalogBodies.settings(view, body, "metadata", "protectThreshold");
        body.field("selector", (String) null).field("ephemeral", (String) null).endObject();
    }

    private Answer detail(HttpCall call) {
        ServiceView view = found(new V1Params(call).boundService());
        Utf8Json body = new Utf8Json(512)
                .beginObject()
                .name("service")
                .beginObject()
                .field("name", view.key().name())
                .field("groupName", view.key().group());
        CatalogBodies.settings(view, body, "protectThreshold", "selector", "metadata");
        body.endObject().name("clusters").beginArray();
        for (String cluster : CatalogBodies.clusters(view)) {
            ClusterConfig config = view.cluster(cluster);
            body.beginObject()
                    .field("serviceName", view.key().groupedName())
                    .field("name", cluster)
                    .name("healthChecker");
            Checkers.write(config.check(), body);
            body.field("defaultPort", 80)
                    .field("defaultCheckPort", config.checkPort())
                    .field("useIPPort4Check", config.useInstancePort())
                    .field("metadata", config.metadata())
                    .endObject();
        }
        return Answer.json(body.endArray().endObject().toBytes());
    }

    private Answer instances(HttpCall call) {
        V1Params params = new V1Params(call);
        ServiceKey service = params.boundService();
        String cluster = params.bound("clusterName");
        int page = params.boundInteger("pageNo");
        int size = V1Params.pageSize(params.boundInteger("pageSize"));
        List<Instance> hosts = CatalogBodies.byCluster(found(service)).get(cluster);
        if (hosts == null) {
            throw new RegistryException(ErrorCode.NOT_FOUND, "cluster " + cluster + " is not found!");
        }
        Utf8Json body = new Utf8Json(1024).beginObject().name("list").beginArray();
        for (Instance host : CatalogBodies.page(hosts, page, size)) {
            body.rawValue(InstanceJson.encode(host, service));
        }
        return Answer.json(
                body.endArray().field("count", hosts.size()).endObject().toBytes());
    }

    private ServiceView found(ServiceKey service) {
        ServiceView view = services.view(service);
        if (view == null) {
            throw new RegistryException(ErrorCode.NOT_FOUND, "service " + service.groupedName() + " is not found!");
        }
        return view;
    }
}
