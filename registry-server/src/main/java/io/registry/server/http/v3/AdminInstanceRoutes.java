package io.registry.server.http.v3;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.proto.json.InstanceJson;
import io.registry.proto.json.Utf8Json;
import io.registry.server.core.operate.InstanceOperator;
import io.registry.server.core.service.ServiceManager;
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
import io.registry.server.http.naming.FormInstances;
import io.registry.server.http.naming.MetadataBatch;
import java.util.List;

/** {@code /v3/admin/ns/instance}, and the console's names for some of it. */
public final class AdminInstanceRoutes {

    private static final String ADMIN = "/v3/admin/ns/instance";
    private static final String CONSOLE = "/v3/console/ns/instance";
    private static final int PAGE_SIZE_MAX = 500;

    private final FormInstances forms;
    private final InstanceOperator instances;
    private final ServiceManager services;
    private final MetadataBatch batch;

    /** Makes the handlers. */
    public AdminInstanceRoutes(FormInstances forms, InstanceOperator instances, ServiceManager services) {
        this.forms = forms;
        this.instances = instances;
        this.services = services;
        this.batch = new MetadataBatch(instances);
    }

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        routes.add("POST", ADMIN, Access.operate(Subject.SERVICE), Dialect.ENVELOPE, forms::register)
                .add("DELETE", ADMIN, Access.operate(Subject.SERVICE), Dialect.ENVELOPE, forms::deregister)
                .add("PUT", ADMIN, Access.operate(Subject.SERVICE), Dialect.ENVELOPE, forms::update)
                .add("PUT", ADMIN + "/partial", Access.operate(Subject.SERVICE), Dialect.ENVELOPE, forms::patch)
                .add(
                        "PUT",
                        ADMIN + "/metadata/batch",
                        Access.operate(Subject.SERVICE),
                        Dialect.ENVELOPE,
                        this::changeMetadata)
                .add(
                        "DELETE",
                        ADMIN + "/metadata/batch",
                        Access.operate(Subject.SERVICE),
                        Dialect.ENVELOPE,
                        this::changeMetadata)
                .add("GET", ADMIN, Access.inspect(Subject.SERVICE), Dialect.ENVELOPE, this::detail)
                .add("GET", ADMIN + "/list", Access.inspect(Subject.SERVICE), Dialect.ENVELOPE, this::list)
                .add("PUT", CONSOLE, Access.operate(Subject.SERVICE), Dialect.ENVELOPE, forms::update)
                .add("GET", CONSOLE + "/list", Access.inspect(Subject.SERVICE), Dialect.ENVELOPE, this::page);
    }

    private Answer changeMetadata(HttpCall call) {
        FormParams params = new FormParams(call);
        ServiceKey service = params.service();
        return Envelope.success(batch.change(call, service, params.required("metadata")));
    }

    private Answer detail(HttpCall call) {
        FormParams params = new FormParams(call);
        ServiceKey service = params.service();
        Instance instance = instances.detail(
                service,
                params.required("ip"),
                params.requiredInteger("port"),
                params.text("clusterName", Instance.DEFAULT_CLUSTER));
        return Envelope.success(new Utf8Json(8).rawValue(InstanceJson.encode(instance, service)));
    }

    private Answer list(HttpCall call) {
        FormParams params = new FormParams(call);
        ServiceKey service = params.service();
        Utf8Json body = new Utf8Json(1024).beginArray();
        boolean healthyOnly = params.truth("healthyOnly", false);
        for (Instance host : hosts(service, params.text("clusterName", Instance.DEFAULT_CLUSTER))) {
            if (!healthyOnly || host.healthy()) {
                body.rawValue(InstanceJson.encode(host, service));
            }
        }
        return Envelope.success(body.endArray());
    }

    private Answer page(HttpCall call) {
        FormParams params = new FormParams(call);
        ServiceKey service = params.service();
        List<Instance> hosts = hosts(service, params.text("clusterName", Instance.DEFAULT_CLUSTER));
        int page = PageBody.positive(params, "pageNo", 1);
        int size = Math.min(PAGE_SIZE_MAX, PageBody.positive(params, "pageSize", 100));
        Utf8Json body = PageBody.begin(hosts.size(), page, size);
        CatalogBodies.page(hosts, page, size).forEach(host -> body.rawValue(InstanceJson.encode(host, service)));
        return Envelope.success(PageBody.end(body));
    }

    /** Returns the instances of a cluster; what is not there is refused in the words of a failure. */
    private List<Instance> hosts(ServiceKey service, String cluster) {
        ServiceView view = services.view(service);
        List<Instance> hosts =
                view == null ? null : CatalogBodies.byCluster(view).get(cluster);
        if (hosts == null) {
            throw PageBody.notFound(
                    view == null
                            ? "service " + service.groupedName() + " is not found!"
                            : "cluster " + cluster + " is not found!");
        }
        return hosts;
    }
}
